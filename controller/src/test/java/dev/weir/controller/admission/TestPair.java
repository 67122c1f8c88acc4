package dev.weir.controller.admission;

import dev.weir.tls.SelfSignedCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Base64;

/** A certificate for one name and its key, as PEM. */
public record TestPair(String certificate, String key) {
  public static TestPair of(String name) {
    var pair = SelfSignedCertificate.forHost(name, Clock.systemUTC());
    try {
      return new TestPair(
          pem("CERTIFICATE", pair.chain().getFirst().getEncoded()),
          pem("PRIVATE KEY", pair.key().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String what, byte[] der) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
  }

  /** The certificate in base64, as a webhook's configuration has it. */
  public String caBundle() {
    return Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes {@code cert} and {@code key}, as charts mount them. */
  public void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("cert"), certificate);
    Files.writeString(folder.resolve("key"), key);
  }
}
