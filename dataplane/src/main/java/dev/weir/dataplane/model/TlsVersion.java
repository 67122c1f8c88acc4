package dev.weir.dataplane.model;

/** A version of TLS that BoringSSL speaks, oldest first. */
public enum TlsVersion {
  TLS_1_0("TLSv1"),
  TLS_1_1("TLSv1.1"),
  TLS_1_2("TLSv1.2"),
  TLS_1_3("TLSv1.3");

  private final String text;

  TlsVersion(String text) {
    this.text = text;
  }

  /** The name that nginx, OpenSSL and the JDK use. */
  public String text() {
    return text;
  }

  /** Whether nobody should use it any more (RFC 8996). */
  public boolean obsolete() {
    return compareTo(TLS_1_2) < 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
