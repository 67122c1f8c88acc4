package dev.weir.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses a certificate in the middle of a handshake, by server name, from the table that serves at
 * that moment. JSSE speaks of keys by <em>alias</em>; ours are the certificates' fingerprints, so
 * an alias once chosen means the same certificate to the end of the handshake, whatever is swapped
 * meanwhile.
 *
 * <p>Safe for use by many threads.
 */
final class CertificateSelector extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateSelector.class);
  private static final String WITHHELD = "withheld:";

  /** TLS 1.3 as libraries number it. */
  private static final int TLS_1_3 = 0x0304;

  private final Supplier<CertificateTable> table;
  private final TlsPolicy policy;
  private final Staples staples;
  // Every certificate ever chosen; ServerTls begins anew before this outgrows the table.
  private final ConcurrentHashMap<String, Chosen> chosen = new ConcurrentHashMap<>();
  // Keys that the TLS library does not get, by leaf.
  private final ConcurrentHashMap<Certificate, PrivateKey> withheld = new ConcurrentHashMap<>();
  private final @Nullable AwsLc awsLc;

  /** A certificate, and the key that the TLS library gets. */
  private record Chosen(ServerCertificate certificate, @Nullable PrivateKey key) {}

  /**
   * Sets up.
   *
   * @param awsLc holds RSA keys in place of the TLS library, once it is loaded; null for never
   */
  CertificateSelector(
      Supplier<CertificateTable> table, TlsPolicy policy, Staples staples, @Nullable AwsLc awsLc) {
    this.table = table;
    this.policy = policy;
    this.staples = staples;
    this.awsLc = awsLc;
  }

  /** How many chosen certificates are held beyond those that the table can still choose. */
  int stale() {
    return chosen.size() - table.get().size() - 1;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    var name = serverName(engine);
    var certificate = table.get().find(name);
    if (certificate == null) {
      return null;
    }
    if (engine instanceof ReferenceCountedOpenSslEngine boring) {
      // Netty's type of key is that of the first suite of TLS 1.2, which says nothing of TLS 1.3;
      // BoringSSL itself finds out whether certificate, suites and version go together.
      prepare(boring, certificate, name);
    } else if (!fits(keyType, certificate.key().getAlgorithm())) {
      return null;
    }
    return certificate.key().getAlgorithm().equals("RSA") && awsLc != null
        ? aliasOfRsa(certificate, awsLc)
        : alias(certificate);
  }

  private String alias(ServerCertificate certificate) {
    var alias = certificate.fingerprint();
    chosen.putIfAbsent(alias, new Chosen(certificate, certificate.key()));
    return alias;
  }

  /** Until AWS-LC is there the TLS library has the key, under another alias: it caches by alias. */
  private String aliasOfRsa(ServerCertificate certificate, AwsLc loading) {
    var provider = loading.provider();
    if (provider == null) {
      return alias(certificate);
    }
    var alias = WITHHELD + certificate.fingerprint();
    if (!chosen.containsKey(alias)) {
      try {
        var leaf = certificate.chain().getFirst();
        withheld.put(leaf, AwsLc.adopt(certificate.key(), provider));
      } catch (GeneralSecurityException e) {
        LOG.debug("AWS-LC does not take a key that BoringSSL may take.", e);
        return alias(certificate);
      }
      chosen.put(alias, new Chosen(certificate, null));
    }
    return alias;
  }

  /** The key of the certificate that a handshake chose, if it was withheld. */
  @Nullable PrivateKey withheldKey(SSLEngine engine) {
    var chain = engine.getSession().getLocalCertificates();
    return chain == null ? null : withheld.get(chain[0]);
  }

  /**
   * What BoringSSL is told of a connection in the middle of its handshake, when the version is
   * agreed on, and whether a session can be resumed is not decided yet: no tickets where none are
   * wanted (for TLS 1.3 Netty turns them on for each connection, and with it for TLS 1.2).
   */
  private void prepare(
      ReferenceCountedOpenSslEngine engine,
      ServerCertificate certificate,
      @Nullable String serverName) {
    var sessions = policy.sessions();
    if (!sessions.tickets()) {
      long ssl = engine.sslPointer();
      if (ssl != 0 && (!sessions.resumable() || SSL.getVersionInt(ssl) < TLS_1_3)) {
        SSL.setOptions(ssl, SSL.SSL_OP_NO_TICKET);
      }
    }
    if (policy.stapling()) {
      var reply = staples.of(certificate, serverName);
      if (reply != null) {
        engine.setOcspResponse(reply);
      }
    }
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
    var choice = chosen.get(alias);
    return choice == null ? null : choice.certificate.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var choice = chosen.get(alias);
    return choice == null ? null : choice.key;
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
