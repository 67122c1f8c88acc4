package dev.weir.tls;

import java.time.Duration;
import java.util.List;

/**
 * How TLS is spoken; certificates are not part of it. One native context exists for each policy.
 *
 * @param protocols {@code TLSv1.2}, {@code TLSv1.3}; without gap
 * @param ciphers IANA names for TLS 1.2 and before, preferred first; TLS 1.3 suites are always on
 * @param serverOrder whether the order of {@code ciphers} counts, and not the client's
 * @param groups OpenSSL's names of groups for the key exchange, preferred first; empty for the
 *     library's own choice
 * @param alpn protocols offered by ALPN (RFC 7301), preferred first
 * @param stapling whether OCSP replies come with certificates
 */
public record TlsPolicy(
    List<String> protocols,
    List<String> ciphers,
    boolean serverOrder,
    List<String> groups,
    List<String> alpn,
    Sessions sessions,
    boolean stapling) {

  /** Always on where TLS 1.3 is spoken. */
  static final List<String> TLS13_CIPHERS =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /** For {@link #alpn}: HTTP/2 before HTTP/1.1. */
  public static final List<String> WITH_HTTP_2 = List.of("h2", "http/1.1");

  /** Before anything is configured: TLS 1.2 and 1.3, AEAD suites with forward secrecy. */
  public static final TlsPolicy DEFAULT =
      new TlsPolicy(
          List.of("TLSv1.2", "TLSv1.3"),
          List.of(
              "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
              "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
              "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
          true,
          List.of(),
          List.of("http/1.1"),
          new Sessions(false, "", 40_960, Duration.ofMinutes(10)),
          false);

  public TlsPolicy {
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
    groups = List.copyOf(groups);
    alpn = List.copyOf(alpn);
  }

  /**
   * How sessions are resumed. With TLS 1.3 BoringSSL knows tickets only, so they are used there as
   * long as there is a cache or {@code tickets} allows them.
   *
   * @param tickets whether by tickets with TLS 1.2, too
   * @param ticketKey secret that all replicas share, Base64; empty for keys of this process' own
   * @param cacheSize sessions kept for resumption by id; 0 for none
   * @param timeout how long they can be resumed
   */
  public record Sessions(boolean tickets, String ticketKey, int cacheSize, Duration timeout) {
    /** Whether sessions can be resumed at all. */
    boolean resumable() {
      return tickets || cacheSize > 0;
    }

    /** Without the key. */
    @Override
    public String toString() {
      return "Sessions[tickets="
          + tickets
          + ", "
          + (ticketKey.isEmpty() ? "own keys" : "given key")
          + ", cacheSize="
          + cacheSize
          + ", timeout="
          + timeout
          + "]";
    }
  }

  /** What a session must not be taken across: all that was agreed on when it began. */
  String scope() {
    return String.join(" ", protocols)
        + "|"
        + String.join(" ", ciphers)
        + "|"
        + serverOrder
        + "|"
        + String.join(" ", groups)
        + "|"
        + String.join(" ", alpn);
  }
}
