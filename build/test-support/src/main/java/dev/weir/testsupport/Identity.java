package dev.weir.testsupport;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its key.
 *
 * @param chain leaf first, without the root
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
  private static final char[] NO_PASSWORD = {};

  public Identity {
    chain = List.copyOf(chain);
  }

  /** The chain as PEM. */
  public String certificatePem() {
    var blocks = new ArrayList<byte[]>();
    try {
      for (var certificate : chain) {
        blocks.add(certificate.getEncoded());
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return pem("CERTIFICATE", blocks);
  }

  /** The key as PEM (PKCS#8). */
  public String keyPem() {
    return pem("PRIVATE KEY", List.of(key.getEncoded()));
  }

  /**
   * The JDK's TLS of a server with this certificate.
   *
   * @param clients who signs its clients' certificates; null for none
   */
  public SSLContext serverContext(@Nullable Authority clients) {
    try {
      var own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, NO_PASSWORD);
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      if (clients != null) {
        trusted.setCertificateEntry("clients", clients.certificate());
      }
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), clients == null ? null : trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String type, List<byte[]> blocks) {
    var text = new StringBuilder();
    for (var block : blocks) {
      text.append("-----BEGIN ").append(type).append("-----\n");
      text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(block));
      text.append("\n-----END ").append(type).append("-----\n");
    }
    return text.toString();
  }
}
