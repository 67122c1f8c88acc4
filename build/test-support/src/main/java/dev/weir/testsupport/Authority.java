package dev.weir.testsupport;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that signs certificates for tests. Immutable; may be used from any thread. */
public final class Authority {
  private static final Duration USUAL = Duration.ofDays(1);
  private static final Duration LONG_AGO = Duration.ofDays(2);

  private final X509Certificate certificate;
  private final PrivateKey key;

  /** This one's and those above, without the root's. */
  private final List<X509Certificate> path;

  /** What a certificate says that it is good for. */
  public enum Use {
    /** Nothing is said. */
    ANY,
    SERVERS,
    CLIENTS
  }

  private Authority(X509Certificate certificate, PrivateKey key, List<X509Certificate> path) {
    this.certificate = certificate;
    this.key = key;
    this.path = List.copyOf(path);
  }

  /** One that signed its own certificate. */
  public static Authority root(String name) {
    return root(name, USUAL);
  }

  /** One whose certificate is valid for so long; for a negative time it was valid until then. */
  public static Authority root(String name, Duration validity) {
    var pair = newPair();
    var own = new X500Name("CN=" + name);
    var signed = sign(own, pair.getPrivate(), own, pair, validity, AUTHORITY);
    return new Authority(signed, pair.getPrivate(), List.of());
  }

  /** One whose certificate this one signed. */
  public Authority below(String name) {
    var pair = newPair();
    var signed = sign(name(), key, new X500Name("CN=" + name), pair, USUAL, AUTHORITY);
    var longer = new ArrayList<>(List.of(signed));
    longer.addAll(path);
    return new Authority(signed, pair.getPrivate(), longer);
  }

  /** A certificate for these DNS names; the first is also the common name. */
  public Identity issue(String... names) {
    return issue(Use.ANY, USUAL, names);
  }

  /** The same; for a negative time it was valid until then. */
  public Identity issue(Use use, Duration validity, String... names) {
    var alternatives =
        Stream.of(names)
            .map(name -> new GeneralName(GeneralName.dNSName, name))
            .toArray(GeneralName[]::new);
    var extensions = new ArrayList<Part>();
    extensions.add(
        new Part(Extension.subjectAlternativeName, false, new GeneralNames(alternatives)));
    if (use != Use.ANY) {
      var purpose =
          use == Use.SERVERS ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth;
      extensions.add(new Part(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose)));
    }
    var pair = newPair();
    var leaf = sign(name(), key, new X500Name("CN=" + names[0]), pair, validity, extensions);
    var chain = new ArrayList<>(List.of(leaf));
    chain.addAll(path);
    return new Identity(chain, pair.getPrivate());
  }

  private X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** Its own certificate as PEM. */
  public String pem() {
    return Identity.pem("CERTIFICATE", List.of(encoded(certificate)));
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newPair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An extension. */
  private record Part(ASN1ObjectIdentifier name, boolean critical, ASN1Encodable value) {}

  private static final List<Part> AUTHORITY =
      List.of(
          new Part(Extension.basicConstraints, true, new BasicConstraints(true)),
          new Part(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)));

  private static X509Certificate sign(
      X500Name issuer,
      PrivateKey signer,
      X500Name subject,
      KeyPair pair,
      Duration validity,
      List<Part> extensions) {
    var now = Instant.now();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
              Date.from(now.minus(validity.isNegative() ? LONG_AGO : Duration.ofHours(1))),
              Date.from(now.plus(validity)),
              subject,
              pair.getPublic());
      for (var part : extensions) {
        builder.addExtension(part.name, part.critical, part.value);
      }
      var signing = new JcaContentSignerBuilder("SHA256withECDSA").build(signer);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signing));
    } catch (GeneralSecurityException | OperatorException | IOException e) {
      throw new IllegalStateException("a certificate for " + subject, e);
    }
  }
}
