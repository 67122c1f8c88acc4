package dev.weir.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PEM that nearly every Secret holds (RFC 7468 2, strictly: lines of Base64 between
 * matching labels, nothing but line breaks around them) by the JDK alone, whose classes a start has
 * loaded anyway. Whatever looks different is left to {@link Pem}, which knows all forms and says
 * what is wrong: empty is no verdict.
 */
final class PlainPem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** In the order in which they are tried; a key of one kind is none of another. */
  private static final List<String> KEYS = List.of("EC", "RSA", "EdDSA");

  private PlainPem() {}

  private record Block(String label, String base64) {
    /** Throws IllegalArgumentException if it isn't Base64. */
    byte[] der() {
      return Base64.getDecoder().decode(base64);
    }
  }

  /** The certificates of a text that holds nothing else. */
  static Optional<List<X509Certificate>> certificates(byte[] pem) {
    var blocks = blocks(new String(pem, StandardCharsets.ISO_8859_1));
    if (blocks == null || !blocks.stream().allMatch(block -> block.label.equals("CERTIFICATE"))) {
      return Optional.empty();
    }
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var certificates = new ArrayList<X509Certificate>();
      for (var block : blocks) {
        var der = new ByteArrayInputStream(block.der());
        if (!(factory.generateCertificate(der) instanceof X509Certificate certificate)
            || der.available() > 0) {
          return Optional.empty();
        }
        certificates.add(certificate);
      }
      return Optional.of(certificates);
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The key of a text that holds one in PKCS#8 and nothing else. */
  static Optional<PrivateKey> privateKey(byte[] pem) {
    var blocks = blocks(new String(pem, StandardCharsets.ISO_8859_1));
    if (blocks == null || blocks.size() != 1 || !blocks.getFirst().label.equals("PRIVATE KEY")) {
      return Optional.empty();
    }
    PKCS8EncodedKeySpec spec;
    try {
      spec = new PKCS8EncodedKeySpec(blocks.getFirst().der());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    for (var kind : KEYS) {
      try {
        return Optional.of(KeyFactory.getInstance(kind).generatePrivate(spec));
      } catch (InvalidKeySpecException e) {
        // Of another kind, or of none.
      } catch (GeneralSecurityException | RuntimeException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** At least one; null if the text isn't as plain as that. */
  private static @Nullable List<Block> blocks(String text) {
    var blocks = new ArrayList<Block>();
    var lines = text.lines().iterator();
    while (lines.hasNext()) {
      var line = lines.next();
      if (line.isEmpty()) {
        continue;
      }
      if (!line.startsWith(BEGIN) || !line.endsWith(DASHES)) {
        return null;
      }
      var label = line.substring(BEGIN.length(), line.length() - DASHES.length());
      var end = END + label + DASHES;
      var base64 = new StringBuilder();
      line = "";
      while (lines.hasNext() && !line.equals(end)) {
        base64.append(line);
        line = lines.next();
      }
      if (!line.equals(end)) {
        return null;
      }
      blocks.add(new Block(label, base64.toString()));
    }
    return blocks.isEmpty() ? null : blocks;
  }
}
