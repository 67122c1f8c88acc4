package dev.weir.e2e.harness;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A self-signed certificate with its key.
 *
 * @param serial tells certificates of the same name apart
 */
public record KeyPairPem(String certificate, String key, BigInteger serial) {

  /** A new pair for these names, valid for a day; the first is also the common name. */
  public static KeyPairPem of(String... names) {
    return of("EC", 256, "SHA256withECDSA", names);
  }

  /** The same with an RSA key of 2048 bits. */
  public static KeyPairPem rsa(String... names) {
    return of("RSA", 2048, "SHA256withRSA", names);
  }

  private static KeyPairPem of(String algorithm, int bits, String signature, String... names) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      var pair = generator.generateKeyPair();
      var subject = new X500Name("CN=" + names[0]);
      var serial = new BigInteger(64, new SecureRandom()).add(BigInteger.ONE);
      var now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              serial,
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(30))),
              subject,
              pair.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              Stream.of(names)
                  .map(name -> new GeneralName(GeneralName.dNSName, name))
                  .toArray(GeneralName[]::new)));
      var signer = new JcaContentSignerBuilder(signature).build(pair.getPrivate());
      return new KeyPairPem(pem(builder.build(signer)), pkcs8(pair.getPrivate()), serial);
    } catch (GeneralSecurityException | OperatorException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String certificateBase64() {
    return base64(certificate);
  }

  String keyBase64() {
    return base64(key);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  static String pkcs8(PrivateKey key) throws IOException {
    return pem(new PemObject("PRIVATE KEY", key.getEncoded()));
  }

  static String pem(Object object) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
