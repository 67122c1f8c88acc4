package dev.weir.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that a peer's must lead to. Immutable; equal if all of them are. {@code
 * toString} shows the fingerprint only.
 */
public final class TrustedCertificates {
  private final List<X509Certificate> certificates;
  private final String fingerprint;

  private TrustedCertificates(List<X509Certificate> certificates) throws GeneralSecurityException {
    this.certificates = List.copyOf(certificates);
    var digest = MessageDigest.getInstance("SHA-256");
    for (var certificate : certificates) {
      digest.update(certificate.getEncoded());
    }
    this.fingerprint = HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Reads {@code ca.crt} of a Secret.
   *
   * @throws InvalidCertificateException if there is no certificate, or one can't be read
   */
  public static TrustedCertificates ofPem(byte[] pem) throws InvalidCertificateException {
    try {
      return new TrustedCertificates(Pem.certificates(pem));
    } catch (GeneralSecurityException e) {
      throw new InvalidCertificateException("a certificate is of a kind that can't be used", e);
    }
  }

  List<X509Certificate> certificates() {
    return certificates;
  }

  /** SHA-256 of all of them in DER form, lower-case hex. */
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrustedCertificates that && fingerprint.equals(that.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "TrustedCertificates[" + fingerprint + "]";
  }
}
