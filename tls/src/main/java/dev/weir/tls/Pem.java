package dev.weir.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Reads PEM (RFC 7468): certificates, and private keys in PKCS#8, PKCS#1 and SEC1 form. */
final class Pem {
  private Pem() {}

  /**
   * All certificates of the text in order; other blocks are passed over.
   *
   * @throws InvalidCertificateException if there is none, or one can't be read
   */
  static List<X509Certificate> certificates(byte[] pem) throws InvalidCertificateException {
    var plain = PlainPem.certificates(pem);
    return plain.isPresent() ? plain.get() : ofAnyForm(pem);
  }

  private static List<X509Certificate> ofAnyForm(byte[] pem) throws InvalidCertificateException {
    var certificates = new ArrayList<X509Certificate>();
    var converter = new JcaX509CertificateConverter();
    try (var parser = parser(pem)) {
      for (var block = parser.readObject(); block != null; block = parser.readObject()) {
        if (block instanceof X509CertificateHolder holder) {
          certificates.add(converter.getCertificate(holder));
        }
      }
    } catch (IOException | CertificateException | RuntimeException e) {
      // BouncyCastle throws unchecked exceptions for some malformed ASN.1.
      throw new InvalidCertificateException("the certificate is not readable PEM", e);
    }
    if (certificates.isEmpty()) {
      throw new InvalidCertificateException(
          "no certificate found (expected: -----BEGIN CERTIFICATE-----)");
    }
    return certificates;
  }

  /**
   * The first private key of the text.
   *
   * @throws InvalidCertificateException if there is none, or it is encrypted or can't be read
   */
  static PrivateKey privateKey(byte[] pem) throws InvalidCertificateException {
    var plain = PlainPem.privateKey(pem);
    return plain.isPresent() ? plain.get() : keyOfAnyForm(pem);
  }

  private static PrivateKey keyOfAnyForm(byte[] pem) throws InvalidCertificateException {
    try (var parser = parser(pem)) {
      var converter = new JcaPEMKeyConverter();
      for (var block = parser.readObject(); block != null; block = parser.readObject()) {
        switch (block) {
          case PrivateKeyInfo info -> {
            return converter.getPrivateKey(info);
          }
          case PEMKeyPair pair -> {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
          }
          case PEMEncryptedKeyPair encrypted -> throw encrypted();
          case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted();
          default -> {
            // EC PARAMETERS in front of an EC key, certificates in a combined file.
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new InvalidCertificateException("the private key is not readable PEM", e);
    }
    throw new InvalidCertificateException(
        "no private key found (expected: -----BEGIN PRIVATE KEY-----)");
  }

  private static InvalidCertificateException encrypted() {
    return new InvalidCertificateException("the private key is encrypted (expected: unencrypted)");
  }

  private static PEMParser parser(byte[] pem) {
    return new PEMParser(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)));
  }
}
