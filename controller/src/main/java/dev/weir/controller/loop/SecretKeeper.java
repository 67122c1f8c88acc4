package dev.weir.controller.loop;

import dev.weir.controller.resource.Resource;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.resource.SecretResource;
import dev.weir.tls.InvalidCertificateException;
import dev.weir.tls.ServerCertificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last valid key pair of a TLS Secret in its record when an update breaks it. It lives in
 * the record because compiles remember nothing; it ends with the Secret's UID.
 */
final class SecretKeeper {
  private SecretKeeper() {}

  /** The record to store in place of {@code now}, whose forerunner was {@code before}. */
  static Resource keep(@Nullable Resource before, Resource now) {
    if (!(before instanceof SecretResource old)
        || !(now instanceof SecretResource secret)
        || !old.ref().equals(secret.ref())) {
      return now;
    }
    if (old.data().equals(secret.data())) {
      return secret.withLastValid(old.lastValid());
    }
    return valid(secret.data())
        ? secret
        : secret.withLastValid(valid(old.data()) ? old.data() : old.lastValid());
  }

  private static boolean valid(Map<String, SecretBytes> data) {
    var certificate = data.get("tls.crt");
    var key = data.get("tls.key");
    if (certificate == null || key == null) {
      return false;
    }
    try {
      ServerCertificate.ofPem(certificate.toBytes(), key.toBytes());
      return true;
    } catch (InvalidCertificateException | RuntimeException e) {
      // Parsers of other people's bytes throw more than they promise.
      return false;
    }
  }
}
