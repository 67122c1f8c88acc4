package dev.weir.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.naming.InvalidNameException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and its private key, checked to belong together. Immutable; equal if the
 * whole chain is equal (a key that fits the same leaf is the same key). {@code toString} shows the
 * fingerprint only.
 */
public final class ServerCertificate {
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final String fingerprint;
  private final List<String> names;

  private ServerCertificate(List<X509Certificate> chain, PrivateKey key, List<String> names)
      throws GeneralSecurityException {
    this.chain = List.copyOf(chain);
    this.key = key;
    this.names = List.copyOf(names);
    var digest = MessageDigest.getInstance("SHA-256");
    for (var certificate : chain) {
      digest.update(certificate.getEncoded());
    }
    this.fingerprint = HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Reads {@code tls.crt} and {@code tls.key} of a Secret.
   *
   * @param certificates PEM, leaf first; the order is kept as given
   * @param key PEM: PKCS#8, PKCS#1 or SEC1, unencrypted
   * @throws InvalidCertificateException if one of them can't be read or they don't belong together
   */
  public static ServerCertificate ofPem(byte[] certificates, byte[] key)
      throws InvalidCertificateException {
    return of(Pem.certificates(certificates), Pem.privateKey(key));
  }

  /** Checks that chain and key belong together. */
  static ServerCertificate of(List<X509Certificate> chain, PrivateKey key)
      throws InvalidCertificateException {
    var leaf = chain.getFirst();
    try {
      if (!KeyMatch.belongTogether(leaf, key)) {
        throw new InvalidCertificateException(
            "the private key does not belong to the first certificate");
      }
      return ofMatching(chain, key);
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** Of a chain and the key that its leaf was made for. */
  static ServerCertificate ofMatching(List<X509Certificate> chain, PrivateKey key)
      throws InvalidCertificateException {
    try {
      return new ServerCertificate(chain, key, CertificateNames.of(chain.getFirst()));
    } catch (GeneralSecurityException | InvalidNameException e) {
      throw unusable(e);
    }
  }

  private static InvalidCertificateException unusable(Exception cause) {
    return new InvalidCertificateException(
        "the certificate or its key is of a kind that can't be used", cause);
  }

  /** Leaf first, as given. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The leaf's key. */
  public PrivateKey key() {
    return key;
  }

  /** The leaf's DNS names, lower-case, wildcards as {@code *.name}. */
  public List<String> names() {
    return names;
  }

  /** SHA-256 of the chain's DER form, lower-case hex. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The leaf's {@code notAfter}. */
  public Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /**
   * Whether the certificate is good for a host (RFC 6125 6.4.3: a wildcard stands for one whole
   * label).
   *
   * @param host lower-case; {@code *.name} asks for a wildcard certificate
   */
  public boolean covers(String host) {
    return CertificateNames.cover(names, host);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerCertificate that && fingerprint.equals(that.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "ServerCertificate[" + fingerprint + "]";
  }
}
