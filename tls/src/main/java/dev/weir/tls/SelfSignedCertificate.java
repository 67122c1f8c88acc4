package dev.weir.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the certificate that is shown where no Secret gives one. */
public final class SelfSignedCertificate {
  private static final Duration LIFETIME = Duration.ofDays(365);
  // Clients' clocks that run a little behind ours shall accept a certificate made just now.
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private SelfSignedCertificate() {}

  /**
   * The default certificate: the subject that users of ingress-nginx and their probes know, P-256,
   * valid for 365 days.
   */
  public static ServerCertificate forDefault(Clock clock) {
    return of(
        "CN=Kubernetes Ingress Controller Fake Certificate,O=Acme Co", "ingress.local", clock);
  }

  /** A certificate for one DNS name, P-256, valid for 365 days. */
  public static ServerCertificate forHost(String dnsName, Clock clock) {
    return of("CN=" + dnsName, dnsName, clock);
  }

  private static ServerCertificate of(String subject, String dnsName, Clock clock) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      var now = clock.instant();
      var name = new X500Name(subject);
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(127, new SecureRandom()).add(BigInteger.ONE),
              Date.from(now.minus(CLOCK_SKEW)),
              Date.from(now.plus(LIFETIME)),
              name,
              pair.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
      var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      return ServerCertificate.ofMatching(List.of(certificate), pair.getPrivate());
    } catch (GeneralSecurityException
        | IOException
        | OperatorCreationException
        | InvalidCertificateException e) {
      throw new IllegalStateException("this JDK can't make a P-256 certificate", e);
    }
  }
}
