package dev.weir.tls;

/** A certificate and key can't be used together; the message says why, without key material. */
public final class InvalidCertificateException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidCertificateException(String message) {
    super(message);
  }

  InvalidCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
