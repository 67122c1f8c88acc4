package dev.weir.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate chain and its private key, checked to belong together. {@code toString} shows the
 * fingerprint only. Equal if chain and key are equal.
 */
public final class ServerCertificate {
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final String fingerprint;

  ServerCertificate(List<X509Certificate> chain, PrivateKey key, String fingerprint) {
    this.chain = List.copyOf(chain);
    this.key = key;
    this.fingerprint = fingerprint;
  }

  /** Leaf first, as given. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The leaf's key. */
  public PrivateKey key() {
    return key;
  }

  /** SHA-256 of the leaf's DER form and the key's public half, lower-case hex. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The leaf's {@code notAfter}. */
  public Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  @Override
  public String toString() {
    return "ServerCertificate[" + fingerprint + "]";
  }
}
