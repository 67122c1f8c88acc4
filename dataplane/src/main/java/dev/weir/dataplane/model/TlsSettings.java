package dev.weir.dataplane.model;

import java.time.Duration;
import java.util.List;

/**
 * How TLS is spoken with clients (the ConfigMap's {@code ssl-*}).
 *
 * @param versions without gap, oldest first
 * @param ciphers of hosts that have no choice of their own
 * @param groups of the key exchange, preferred first; empty for BoringSSL's own choice
 * @param rejectUnknown whether server names that no host has, and clients that send none, get no
 *     handshake ({@code ssl-reject-handshake})
 * @param stapling whether certificates come with an OCSP reply ({@code enable-ocsp})
 */
public record TlsSettings(
    List<TlsVersion> versions,
    CipherChoice ciphers,
    List<String> groups,
    Sessions sessions,
    boolean rejectUnknown,
    boolean stapling) {

  /**
   * How sessions are resumed.
   *
   * @param tickets whether by tickets with TLS 1.2, too ({@code ssl-session-tickets})
   * @param ticketKey secret that all replicas share, Base64; empty for keys of this process' own
   * @param cacheSize sessions that are kept for clients that come back; 0 for none
   * @param timeout how long a session can be resumed
   */
  public record Sessions(boolean tickets, String ticketKey, int cacheSize, Duration timeout) {
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

  /**
   * ingress-nginx's defaults, without the two DHE suites, which BoringSSL doesn't have. The cache
   * holds what nginx's 10 MB hold.
   */
  public static final TlsSettings DEFAULT =
      new TlsSettings(
          List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
          new CipherChoice(
              List.of(
                  CipherSuite.ECDHE_ECDSA_AES128_GCM,
                  CipherSuite.ECDHE_RSA_AES128_GCM,
                  CipherSuite.ECDHE_ECDSA_AES256_GCM,
                  CipherSuite.ECDHE_RSA_AES256_GCM,
                  CipherSuite.ECDHE_ECDSA_CHACHA20,
                  CipherSuite.ECDHE_RSA_CHACHA20),
              CipherChoice.Order.SERVER),
          List.of(),
          new Sessions(false, "", 40_960, Duration.ofMinutes(10)),
          false,
          false);

  public TlsSettings {
    versions = List.copyOf(versions);
    groups = List.copyOf(groups);
  }

  /** With other versions. */
  public TlsSettings versions(List<TlsVersion> other) {
    return new TlsSettings(other, ciphers, groups, sessions, rejectUnknown, stapling);
  }

  /** With other suites. */
  public TlsSettings ciphers(CipherChoice other) {
    return new TlsSettings(versions, other, groups, sessions, rejectUnknown, stapling);
  }

  /** With other groups. */
  public TlsSettings groups(List<String> other) {
    return new TlsSettings(versions, ciphers, other, sessions, rejectUnknown, stapling);
  }

  /** With other ways of resuming. */
  public TlsSettings sessions(Sessions other) {
    return new TlsSettings(versions, ciphers, groups, other, rejectUnknown, stapling);
  }

  /** With or without handshakes for unknown names. */
  public TlsSettings rejectUnknown(boolean reject) {
    return new TlsSettings(versions, ciphers, groups, sessions, reject, stapling);
  }

  /** With or without OCSP replies. */
  public TlsSettings stapling(boolean staple) {
    return new TlsSettings(versions, ciphers, groups, sessions, rejectUnknown, staple);
  }

  /** Short for the default, which most tables have. */
  @Override
  public String toString() {
    return equals(DEFAULT)
        ? "usual"
        : "TlsSettings[versions="
            + versions
            + ", ciphers="
            + ciphers.text()
            + ", groups="
            + groups
            + ", "
            + sessions
            + ", rejectUnknown="
            + rejectUnknown
            + ", stapling="
            + stapling
            + "]";
  }
}
