package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import dev.weir.tls.ServerCertificate;
import java.util.Optional;

/** The certificate for hosts without one of their own. */
final class DefaultCertificate {
  private DefaultCertificate() {}

  /** {@code --default-ssl-certificate} if it can be served, else the one made at start. */
  static Optional<ServerCertificate> find(
      TranslateOptions options, Certificates certificates, ClusterView view, Findings findings) {
    var references = options.references();
    return references
        .defaultCertificate()
        .flatMap(key -> ofSecret(key, certificates, view, findings))
        .or(references::fallbackCertificate);
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
