package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import dev.weir.tls.ServerCertificate;
import java.util.Optional;

/**
 * The certificate for hosts without one of their own.
 *
 * @param secret where it is from; empty for the one made at start
 */
record DefaultCertificate(Optional<ServerCertificate> certificate, Optional<ObjectKey> secret) {
  /** {@code --default-ssl-certificate} if it can be served, else the one made at start. */
  static DefaultCertificate find(
      TranslateOptions options, Certificates certificates, ClusterView view, Findings findings) {
    var references = options.references();
    var named = references.defaultCertificate();
    var found = named.flatMap(key -> ofSecret(key, certificates, view, findings));
    return found.isPresent()
        ? new DefaultCertificate(found, named)
        : new DefaultCertificate(references.fallbackCertificate(), Optional.empty());
  }

  private static Optional<ServerCertificate> ofSecret(
      ObjectKey key, Certificates certificates, ClusterView view, Findings findings) {
    return switch (certificates.read(key.namespace(), key.name(), view)) {
      case Certificates.Outcome.Valid(var certificate) -> Optional.of(certificate);
      case Certificates.Outcome.Broken(var fault, var lastValid) -> {
        findings.add(
            new Finding(
                Severity.ERROR,
                new ObjectRef(key, ""),
                "",
                fault
                    + "; instead of it (--default-ssl-certificate) the "
                    + (lastValid.isPresent() ? "last valid one" : "self-signed one")
                    + " is shown",
                ""));
        yield lastValid;
      }
    };
  }
}
