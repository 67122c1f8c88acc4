package dev.weir.controller.admission;

import dev.weir.tls.InvalidCertificateException;
import dev.weir.tls.ServerCertificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's certificate and key, in two files that may come later and change at any time: the
 * mounted Secret of a chart. The newest pair whose halves belong together is shown to every
 * handshake that begins; until there is one, handshakes fail.
 *
 * <p>Thread rule: {@link #reload} on one thread at a time, the rest on any.
 */
final class CertificateFiles extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);
  private static final long LONGEST = 1 << 20;

  private final Path certificate;
  private final Path key;
  private byte[] lastCertificate = new byte[0];
  private byte[] lastKey = new byte[0];
  private String said = "";

  /** The pair to show, and before it the one that handshakes under way may have chosen. */
  private volatile List<ServerCertificate> pairs = List.of();

  CertificateFiles(Path certificate, Path key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** Whether there is a certificate to show. */
  boolean present() {
    return !pairs.isEmpty();
  }

  /** Looks at the files; says in the log what became of them, once for each change. */
  void reload() {
    byte[] certificateNow;
    byte[] keyNow;
    try {
      certificateNow = read(certificate);
      keyNow = read(key);
    } catch (NoSuchFileException e) {
      say("waiting for " + e.getFile());
      return;
    } catch (IOException | SecurityException e) {
      say(e.getMessage() + " can't be read");
      return;
    }
    if (Arrays.equals(certificateNow, lastCertificate) && Arrays.equals(keyNow, lastKey)) {
      return;
    }
    try {
      var pair = ServerCertificate.ofPem(certificateNow, keyNow);
      pairs = pairs.isEmpty() ? List.of(pair) : List.of(pair, pairs.getFirst());
      lastCertificate = certificateNow;
      lastKey = keyNow;
      said = "";
      LOG.info(
          "certificate of the admission webhook: {} for {}, until {}",
          certificate,
          pair.names(),
          pair.notAfter());
    } catch (InvalidCertificateException | RuntimeException e) {
      // Between two writes the halves don't belong together: the next look will see both.
      say(certificate + " and " + key + ": " + e.getMessage());
    }
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new IOException(file + " is longer than " + LONGEST + " bytes and");
    }
    return Files.readAllBytes(file);
  }

  private void say(String what) {
    if (!what.equals(said)) {
      said = what;
      LOG.warn(
          "certificate of the admission webhook: {}{}",
          what,
          present() ? "; the one before is shown" : "; no question can be answered until then");
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return alias(keyType);
  }

  private @Nullable String alias(String keyType) {
    var now = pairs;
    return now.isEmpty() || !keyType.equals(type(now.getFirst().key()))
        ? null
        : now.getFirst().fingerprint();
  }

  /** As the JDK's TLS names kinds of keys. */
  private static String type(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "ECDSA" -> "EC";
      case "Ed25519", "Ed448" -> "EdDSA";
      default -> key.getAlgorithm();
    };
  }

  private Optional<ServerCertificate> pair(String alias) {
    return pairs.stream().filter(pair -> pair.fingerprint().equals(alias)).findFirst();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return pair(alias).map(pair -> pair.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return pair(alias).map(ServerCertificate::key).orElse(null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
