package dev.weir.controller.loop;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import dev.weir.controller.translate.SettingsResult;
import dev.weir.tls.ServerCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Warns of certificates that expire soon or have expired; they are served all the same, as
 * ingress-nginx does. Not part of a host's compile, which knows no clock.
 */
final class ExpiryWatch {
  private static final Duration NOTICE = Duration.ofDays(10);

  private ExpiryWatch() {}

  /**
   * What is to be said of the certificates that serve; looks at nothing but these.
   *
   * @param settings name the default certificate; null for none
   */
  static List<Finding> findings(
      AppliedTable table, @Nullable SettingsResult settings, Instant now) {
    var findings = new LinkedHashSet<Finding>();
    var soon = now.plus(NOTICE);
    table.forEachCertificate(
        (tls, certificate) -> {
          if (certificate.notAfter().isBefore(soon)) {
            findings.add(finding(secret(tls), certificate, now));
          }
        });
    if (settings != null) {
      settings
          .defaultCertificate()
          .filter(certificate -> certificate.notAfter().isBefore(soon))
          .flatMap(
              certificate ->
                  settings.defaultSecret().map(secret -> finding(secret, certificate, now)))
          .ifPresent(findings::add);
    }
    return List.copyOf(findings);
  }

  private static ObjectKey secret(String tls) {
    // "namespace/name", with a remark behind a space where it is the last valid pair.
    int end = tls.indexOf(' ');
    var secret = end < 0 ? tls : tls.substring(0, end);
    int slash = secret.indexOf('/');
    return new ObjectKey(
        Kind.SECRET, slash < 0 ? "" : secret.substring(0, slash), secret.substring(slash + 1));
  }

  private static Finding finding(ObjectKey key, ServerCertificate certificate, Instant now) {
    boolean expired = certificate.notAfter().isBefore(now);
    return new Finding(
        expired ? Severity.ERROR : Severity.WARNING,
        new ObjectRef(key, ""),
        "tls.crt",
        "the certificate "
            + (expired ? "expired at " : "expires at ")
            + certificate.notAfter()
            + (expired ? "; clients will refuse it" : ""),
        "renew it, or find out why whatever renews it did not");
  }
}
