package dev.weir.tls;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The question whether a certificate is revoked (RFC 6960), and the judge of replies to it: only
 * one that the issuer or its delegate signed and that says <em>good</em> may be shown to clients.
 * Immutable.
 */
final class OcspQuestion {
  /** How long a reply is shown that doesn't say. */
  private static final Duration UNLIMITED = Duration.ofHours(1);

  /** Clocks of responders may be ahead that much. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final URI responder;
  private final byte[] bytes;
  private final X509Certificate leaf;
  private final X509Certificate issuer;

  private OcspQuestion(URI responder, byte[] bytes, X509Certificate leaf, X509Certificate issuer) {
    this.responder = responder;
    this.bytes = bytes;
    this.leaf = leaf;
    this.issuer = issuer;
  }

  /** A reply that may be shown. */
  static final class Reply {
    private final byte[] bytes;
    private final Instant until;

    private Reply(byte[] bytes, Instant until) {
      this.bytes = bytes;
      this.until = until;
    }

    /** As the responder sent it. Not to be changed. */
    byte[] bytes() {
      return bytes;
    }

    /** When it is to be shown no more. */
    Instant until() {
      return until;
    }
  }

  /** Why there is no reply to be shown. */
  static class NoReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    NoReplyException(String why) {
      super(why);
    }

    NoReplyException(String why, Throwable cause) {
      super(why, cause);
    }
  }

  /**
   * Says an authentic reply that holds now: the certificate is revoked, or the responder doesn't
   * know it. What was said before is no longer true.
   */
  static final class NotGoodException extends NoReplyException {
    private static final long serialVersionUID = 1L;

    NotGoodException(String why) {
      super(why);
    }
  }

  /**
   * What to ask about a certificate.
   *
   * @throws NoReplyException if it names no responder, or its issuer isn't in the chain
   */
  static OcspQuestion about(ServerCertificate certificate) throws NoReplyException {
    var leaf = certificate.chain().getFirst();
    if (certificate.chain().size() < 2) {
      throw new NoReplyException("its issuer's certificate isn't in the chain");
    }
    var issuer = certificate.chain().get(1);
    try {
      var request =
          new OCSPReqBuilder()
              .addRequest(
                  new CertificateID(
                      digests().get(CertificateID.HASH_SHA1),
                      new JcaX509CertificateHolder(issuer),
                      leaf.getSerialNumber()))
              .build();
      return new OcspQuestion(responder(leaf), request.getEncoded(), leaf, issuer);
    } catch (OCSPException
        | OperatorCreationException
        | GeneralSecurityException
        | IOException
        | RuntimeException e) {
      // BouncyCastle throws unchecked exceptions for some malformed ASN.1.
      throw new NoReplyException("no question can be made of it: " + e.getMessage(), e);
    }
  }

  /** Where the certificate says that the question be put. */
  URI responder() {
    return responder;
  }

  /** The request. */
  byte[] bytes() {
    return bytes;
  }

  private static DigestCalculatorProvider digests() throws OperatorCreationException {
    return new JcaDigestCalculatorProviderBuilder().build();
  }

  /** The first http URL of an OCSP responder that the certificate names (RFC 5280 4.2.2.1). */
  private static URI responder(X509Certificate leaf) throws NoReplyException {
    byte[] extension = leaf.getExtensionValue(Extension.authorityInfoAccess.getId());
    if (extension != null) {
      var access =
          AuthorityInformationAccess.getInstance(
              ASN1OctetString.getInstance(extension).getOctets());
      for (var description : access.getAccessDescriptions()) {
        var location = description.getAccessLocation();
        if (description.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
            && location.getTagNo() == GeneralName.uniformResourceIdentifier) {
          return uri(location.getName().toString());
        }
      }
    }
    throw new NoReplyException("it names no OCSP responder");
  }

  private static URI uri(String text) throws NoReplyException {
    try {
      var uri = new URI(text);
      if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new NoReplyException("its OCSP responder is no URL", e);
    }
    throw new NoReplyException("its OCSP responder isn't to be had by http");
  }

  /**
   * Judges a reply.
   *
   * @throws NotGoodException if the responder says that the certificate isn't good
   * @throws NoReplyException why else it may not be shown
   */
  Reply judge(byte[] reply, Instant now) throws NoReplyException {
    try {
      var response = new OCSPResp(reply);
      if (response.getStatus() != OCSPResp.SUCCESSFUL) {
        throw new NoReplyException("the responder answers with status " + response.getStatus());
      }
      if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
        throw new NoReplyException("the reply is of an unknown kind");
      }
      if (!signed(basic, now)) {
        throw new NoReplyException("neither the issuer nor its delegate signed the reply");
      }
      return new Reply(reply, until(basic, now));
    } catch (OCSPException
        | CertException
        | OperatorCreationException
        | GeneralSecurityException
        | IOException
        | RuntimeException e) {
      throw new NoReplyException("the reply can't be read: " + e.getMessage(), e);
    }
  }

  private Instant until(BasicOCSPResp basic, Instant now)
      throws NoReplyException, OCSPException, OperatorCreationException, GeneralSecurityException {
    for (var single : basic.getResponses()) {
      if (isAboutLeaf(single.getCertID())) {
        return until(single, now);
      }
    }
    throw new NoReplyException("the reply is about another certificate");
  }

  private static Instant until(SingleResp single, Instant now) throws NoReplyException {
    @Nullable Date next = single.getNextUpdate();
    var from = single.getThisUpdate().toInstant();
    var until = next == null ? now.plus(UNLIMITED) : next.toInstant();
    if (from.isAfter(now.plus(SKEW)) || !until.isAfter(now)) {
      throw new NoReplyException("the reply holds from " + from + " until " + until);
    }
    // After the time: an old reply that somebody plays again says nothing.
    @Nullable CertificateStatus status = single.getCertStatus();
    if (!Objects.equals(status, CertificateStatus.GOOD)) {
      throw new NotGoodException(
          status instanceof RevokedStatus ? "it is revoked" : "the responder doesn't know it");
    }
    return until;
  }

  private boolean isAboutLeaf(CertificateID id)
      throws OCSPException, OperatorCreationException, GeneralSecurityException {
    return id.getSerialNumber().equals(leaf.getSerialNumber())
        && id.matchesIssuer(new JcaX509CertificateHolder(issuer), digests());
  }

  /** By the issuer, or by whom the issuer certified for that (RFC 6960 4.2.2.2). */
  private boolean signed(BasicOCSPResp basic, Instant now)
      throws OCSPException, CertException, OperatorCreationException, GeneralSecurityException {
    var byIssuer = new JcaContentVerifierProviderBuilder().build(issuer.getPublicKey());
    if (basic.isSignatureValid(byIssuer)) {
      return true;
    }
    for (var signer : basic.getCerts()) {
      if (isDelegate(signer, byIssuer, now)
          && basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(signer))) {
        return true;
      }
    }
    return false;
  }

  private boolean isDelegate(
      X509CertificateHolder signer, ContentVerifierProvider byIssuer, Instant now)
      throws CertException, GeneralSecurityException {
    var usage = ExtendedKeyUsage.fromExtensions(signer.getExtensions());
    return usage != null
        && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
        && signer.isValidOn(Date.from(now))
        && signer.getIssuer().equals(new JcaX509CertificateHolder(issuer).getSubject())
        && signer.isSignatureValid(byIssuer);
  }
}
