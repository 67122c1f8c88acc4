package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.resource.SecretResource;
import dev.weir.tls.InvalidCertificateException;
import dev.weir.tls.ServerCertificate;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * Reads server certificates out of Secrets.
 *
 * <p>Many hosts share one Secret, and reading a key costs far more than the rest of a host's
 * compile, so what became of each Secret is kept for as long as somebody else holds the Secret's
 * record: no key outlives its Secret here. That changes no result, since records are compared by
 * their bytes.
 *
 * <p>May be used by any thread.
 */
final class Certificates {
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  private final Map<SecretResource, Outcome> readings =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** What a Secret comes to. */
  sealed interface Outcome {
    /** A certificate that can be served. */
    record Valid(ServerCertificate certificate) implements Outcome {}

    /**
     * None that can be served now.
     *
     * @param fault what is wrong, without the Secret's name
     * @param lastValid the certificate that the same Secret held before
     */
    record Broken(String fault, Optional<ServerCertificate> lastValid) implements Outcome {}
  }

  /** What the Secret holds. */
  Outcome read(String namespace, String name, ClusterView view) {
    var secret = view.secret(namespace, name);
    if (secret == null) {
      return new Outcome.Broken("not found", Optional.empty());
    }
    var known = readings.get(secret);
    if (known == null) {
      known = read(secret);
      readings.put(secret, known);
    }
    return known;
  }

  private static Outcome read(SecretResource secret) {
    var now = read(secret.data());
    return now instanceof Outcome.Broken(var fault, var none)
            && read(secret.lastValid()) instanceof Outcome.Valid(var before)
        ? new Outcome.Broken(fault, Optional.of(before))
        : now;
  }

  private static Outcome read(Map<String, SecretBytes> data) {
    var certificate = data.get(CERTIFICATE);
    var key = data.get(KEY);
    if (certificate == null || key == null) {
      return new Outcome.Broken(
          "has no " + (certificate == null ? CERTIFICATE : KEY), Optional.empty());
    }
    try {
      return new Outcome.Valid(ServerCertificate.ofPem(certificate.toBytes(), key.toBytes()));
    } catch (InvalidCertificateException | RuntimeException e) {
      // Parsers of other people's bytes throw more than they promise.
      return new Outcome.Broken(String.valueOf(e.getMessage()), Optional.empty());
    }
  }
}
