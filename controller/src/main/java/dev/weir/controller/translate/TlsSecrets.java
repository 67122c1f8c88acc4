package dev.weir.controller.translate;

import dev.weir.annotations.TlsSecret;
import dev.weir.controller.resource.SecretResource;
import dev.weir.tls.InvalidCertificateException;
import dev.weir.tls.ServerCertificate;
import dev.weir.tls.TrustedCertificates;
import java.util.Optional;

/** Reads what a Secret holds for TLS towards Services. */
final class TlsSecrets {
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String ROOTS = "ca.crt";

  private TlsSecrets() {}

  static TlsSecret read(SecretResource secret) {
    var certificate = secret.data().get(CERTIFICATE);
    var key = secret.data().get(KEY);
    var ca = secret.data().get(ROOTS);
    if ((certificate == null) != (key == null)) {
      return broken("it has no " + (certificate == null ? CERTIFICATE : KEY));
    }
    if (certificate == null && ca == null) {
      return broken("it has neither " + CERTIFICATE + " and " + KEY + " nor " + ROOTS);
    }
    try {
      var pair =
          certificate == null || key == null
              ? Optional.<ServerCertificate>empty()
              : Optional.of(ServerCertificate.ofPem(certificate.toBytes(), key.toBytes()));
      var roots =
          ca == null
              ? Optional.<TrustedCertificates>empty()
              : Optional.of(TrustedCertificates.ofPem(ca.toBytes()));
      return new TlsSecret(pair, roots, "");
    } catch (InvalidCertificateException | RuntimeException e) {
      // Parsers of other people's bytes throw more than they promise.
      return broken(String.valueOf(e.getMessage()));
    }
  }

  private static TlsSecret broken(String fault) {
    return new TlsSecret(Optional.empty(), Optional.empty(), fault);
  }
}
