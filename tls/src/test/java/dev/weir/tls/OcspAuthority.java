package dev.weir.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Issues certificates and answers questions about them, rightly or wrongly. */
final class OcspAuthority {
  /** How a question is answered. */
  enum Kind {
    GOOD,
    /** Good, signed by one whom the authority certified for that. */
    DELEGATED,
    REVOKED,
    UNKNOWN,
    /** About another certificate. */
    OTHER,
    /** Signed by a key that nobody knows. */
    FORGED,
    /** Signed by one whom the authority certified, but not for that. */
    NOT_DELEGATED,
    EXPIRED,
    FROM_THE_FUTURE,
    TRY_LATER
  }

  private static final X500Name NAME = new X500Name("CN=Test Authority");

  private final KeyPair keys = pair();
  private final X509Certificate certificate = certify(NAME, keys, "", null, false);

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A certificate of this authority, with the authority's in the chain. */
  ServerCertificate issue(String host, String responder) {
    var own = pair();
    try {
      return ServerCertificate.of(
          List.of(certify(new X500Name("CN=" + host), own, responder, host, false), certificate),
          own.getPrivate());
    } catch (InvalidCertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate certify(
      X500Name subject,
      KeyPair subjectKeys,
      String responder,
      @org.jspecify.annotations.Nullable String host,
      boolean delegate) {
    var now = Instant.now();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              NAME,
              BigInteger.valueOf(System.nanoTime()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(30))),
              subject,
              subjectKeys.getPublic());
      if (host != null) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
      }
      if (!responder.isEmpty()) {
        builder.addExtension(
            Extension.authorityInfoAccess,
            false,
            new AuthorityInformationAccess(
                AccessDescription.id_ad_ocsp,
                new GeneralName(GeneralName.uniformResourceIdentifier, responder)));
      }
      if (delegate) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning));
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The reply to a question. */
  byte[] answer(byte[] question, Kind kind, Instant now) {
    try {
      if (kind == Kind.TRY_LATER) {
        return new OCSPRespBuilder().build(OCSPResp.TRY_LATER, null).getEncoded();
      }
      var digests = new JcaDigestCalculatorProviderBuilder().build();
      var id = new OCSPReq(question).getRequestList()[0].getCertID();
      if (kind == Kind.OTHER) {
        id =
            new CertificateID(
                digests.get(CertificateID.HASH_SHA1),
                new JcaX509CertificateHolder(certificate),
                BigInteger.TWO);
      }
      CertificateStatus status =
          switch (kind) {
            case REVOKED -> new RevokedStatus(Date.from(now));
            case UNKNOWN -> new UnknownStatus();
            default -> CertificateStatus.GOOD;
          };
      var from =
          switch (kind) {
            case EXPIRED -> now.minus(Duration.ofHours(2));
            case FROM_THE_FUTURE -> now.plus(Duration.ofHours(1));
            default -> now;
          };
      var builder =
          new BasicOCSPRespBuilder(new RespID(NAME))
              .addResponse(
                  id, status, Date.from(from), Date.from(from.plus(Duration.ofHours(1))), null);
      boolean other = kind == Kind.DELEGATED || kind == Kind.NOT_DELEGATED;
      var signing = other || kind == Kind.FORGED ? pair() : keys;
      var chain =
          other
              ? new X509CertificateHolder[] {
                new JcaX509CertificateHolder(
                    certify(new X500Name("CN=Delegate"), signing, "", null, kind == Kind.DELEGATED))
              }
              : new X509CertificateHolder[0];
      var basic =
          builder.build(
              new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate()),
              chain,
              Date.from(now));
      return new OCSPRespBuilder().build(OCSPResp.SUCCESSFUL, basic).getEncoded();
    } catch (OCSPException | GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
