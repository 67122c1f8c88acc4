package dev.weir.controller.translate;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.tls.ServerCertificate;
import java.util.List;
import java.util.Optional;

/**
 * What holds for the whole proxy.
 *
 * @param defaultCertificate {@code --default-ssl-certificate} if it is valid, else the certificate
 *     made at start; empty only if {@link TranslateOptions.References} has none either
 * @param defaultSecret where it is from; empty for the one made at start
 */
public record SettingsResult(
    ProxySettings settings,
    Optional<ServerCertificate> defaultCertificate,
    Optional<ObjectKey> defaultSecret,
    List<Finding> findings) {
  public SettingsResult {
    findings = List.copyOf(findings);
  }
}
