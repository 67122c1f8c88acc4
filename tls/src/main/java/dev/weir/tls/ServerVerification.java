package dev.weir.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets a server pass whose certificate leads to a trusted one over few enough others and is for the
 * name that was asked for (RFC 5280 section 6, RFC 6125).
 *
 * <p>The name is compared here and not left to the engine's endpoint identification, so that no
 * wrapper around this object and no way in which it is configured can lose it (hardening.md P18).
 * Revocation is not looked up.
 *
 * <p>Safe for use by all event loops; costs some signature checks, no input or output.
 */
final class ServerVerification extends X509ExtendedTrustManager {
  /** id-kp-serverAuth, RFC 5280 4.2.1.12. */
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  /** What a server can have us look through for a path. */
  private static final int MOST_CERTIFICATES = 20;

  private final ClientTlsPolicy.Verification wanted;
  private final Set<TrustAnchor> anchors = new HashSet<>();

  ServerVerification(ClientTlsPolicy.Verification wanted) {
    this.wanted = wanted;
    for (var root : wanted.roots().certificates()) {
      anchors.add(new TrustAnchor(root, null));
    }
  }

  private void verify(X509Certificate[] chain) throws CertificateException {
    if (chain.length > MOST_CERTIFICATES) {
      throw new CertificateException("the server sent " + chain.length + " certificates");
    }
    var leaf = chain[0];
    try {
      verifyPath(leaf, Arrays.asList(chain));
      var names = CertificateNames.of(leaf);
      if (!CertificateNames.cover(names, wanted.name())) {
        throw new CertificateException(
            "the server's certificate is for " + names + " and not for " + wanted.name());
      }
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException | InvalidNameException | IOException e) {
      throw new CertificateException(
          "the server's certificate leads to no trusted one over at most "
              + wanted.depth()
              + " others: "
              + e.getMessage(),
          e);
    }
  }

  private void verifyPath(X509Certificate leaf, List<X509Certificate> sent)
      throws GeneralSecurityException, IOException {
    if (wanted.roots().certificates().contains(leaf)) {
      // Trusted itself: there is nothing to be built.
      leaf.checkValidity();
      return;
    }
    var target = new X509CertSelector();
    target.setCertificate(leaf);
    target.setExtendedKeyUsage(Set.of(SERVER_AUTH));
    var parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setRevocationEnabled(false);
    parameters.setMaxPathLength(wanted.depth());
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(sent)));
    var found = (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    // The JDK doesn't count certificates that name themselves as issuer; OpenSSL does.
    if (found.getCertPath().getCertificates().size() - 1 > wanted.depth()) {
      throw new CertificateException("too many certificates in between");
    }
    // RFC 5280 takes an anchor as it is; OpenSSL, and so nginx, minds its dates.
    found.getTrustAnchor().getTrustedCert().checkValidity();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noClients();
  }

  private static CertificateException noClients() {
    return new CertificateException("only servers are verified here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0]; // for servers only
  }
}
