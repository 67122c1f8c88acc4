package dev.weir.controller.translate;

import dev.weir.tls.SelfSignedCertificate;
import dev.weir.tls.ServerCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Certificates for manifests of tests: {@code ${crt shop.example.com}} stands for the base64 of its
 * PEM, {@code ${key shop.example.com}} for that of its key.
 */
public final class TestCertificates {
  private static final Pattern PLACE = Pattern.compile("\\$\\{(crt|key) ([^}]+)}");
  private static final Map<String, ServerCertificate> MADE = new ConcurrentHashMap<>();

  private TestCertificates() {}

  static ServerCertificate of(String name) {
    return MADE.computeIfAbsent(
        name, host -> SelfSignedCertificate.forHost(host, Clock.systemUTC()));
  }

  public static String fillIn(String manifest) {
    return PLACE
        .matcher(manifest)
        .replaceAll(
            place -> {
              var certificate = of(place.group(2));
              return place.group(1).equals("crt")
                  ? pem("CERTIFICATE", encoded(certificate))
                  : pem("PRIVATE KEY", certificate.key().getEncoded());
            });
  }

  private static byte[] encoded(ServerCertificate certificate) {
    try {
      return certificate.chain().getFirst().getEncoded();
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String what, byte[] der) {
    var pem =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
