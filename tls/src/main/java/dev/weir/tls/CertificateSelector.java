package dev.weir.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a certificate in the middle of a handshake, by server name, from the table that serves at
 * that moment. JSSE speaks of keys by <em>alias</em>; ours are the certificates' fingerprints, so
 * an alias once chosen means the same certificate to the end of the handshake, whatever is swapped
 * meanwhile.
 *
 * <p>Safe for use by many threads.
 */
final class CertificateSelector extends X509ExtendedKeyManager {
  private final Supplier<CertificateTable> table;
  // Every certificate ever chosen; ServerTls begins anew before this outgrows the table.
  private final ConcurrentHashMap<String, ServerCertificate> chosen = new ConcurrentHashMap<>();

  CertificateSelector(Supplier<CertificateTable> table) {
    this.table = table;
  }

  /** How many chosen certificates are held beyond those that the table can still choose. */
  int stale() {
    return chosen.size() - table.get().size() - 1;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    var certificate = table.get().find(serverName(engine));
    if (certificate == null || !fits(keyType, certificate.key().getAlgorithm())) {
      return null;
    }
    chosen.putIfAbsent(certificate.fingerprint(), certificate);
    return certificate.fingerprint();
  }

  private static boolean fits(String keyType, String algorithm) {
    // Netty asks for RSA, EC, EC_EC, EC_RSA; the JDK for RSA, RSASSA-PSS, EC, EdDSA.
    return switch (algorithm) {
      case "RSA" -> keyType.startsWith("RSA");
      case "EC", "ECDSA" -> keyType.equals("EC") || keyType.equals("EC_EC");
      default -> keyType.startsWith("Ed") || keyType.equals("EC_EC");
    };
  }

  private static @Nullable String serverName(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      for (var name : session.getRequestedServerNames()) {
        if (name.getType() == StandardConstants.SNI_HOST_NAME) {
          return name instanceof SNIHostName host
              ? host.getAsciiName()
              : new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII);
        }
      }
    }
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var certificate = chosen.get(alias);
    return certificate == null ? null : certificate.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var certificate = chosen.get(alias);
    return certificate == null ? null : certificate.key();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // only engines are used
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // server side only
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // server side only
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // certificates are chosen, never listed
  }
}
