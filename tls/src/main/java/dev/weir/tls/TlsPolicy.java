package dev.weir.tls;

import java.time.Duration;
import java.util.List;

/**
 * How TLS is spoken; certificates are not part of it. One native context exists for each policy.
 *
 * @param protocols {@code TLSv1.2}, {@code TLSv1.3}
 * @param ciphers IANA names for TLS 1.2 in the server's order of preference; TLS 1.3 suites are
 *     always on
 * @param alpn protocols offered by ALPN (RFC 7301), preferred first
 * @param sessionCacheSize sessions kept for resumption by id
 * @param sessionTimeout how long they can be resumed
 * @param handshakeTimeout after which an unfinished handshake is closed
 */
public record TlsPolicy(
    List<String> protocols,
    List<String> ciphers,
    List<String> alpn,
    long sessionCacheSize,
    Duration sessionTimeout,
    Duration handshakeTimeout) {

  /** Always on where TLS 1.3 is spoken. */
  static final List<String> TLS13_CIPHERS =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /**
   * ingress-nginx's defaults, without the two DHE suites, which BoringSSL doesn't have. The session
   * cache holds what nginx's 10 MB hold.
   */
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
          List.of("http/1.1"),
          40_000,
          Duration.ofMinutes(10),
          Duration.ofSeconds(10));

  public TlsPolicy {
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
    alpn = List.copyOf(alpn);
  }
}
