package dev.weir.dataplane.model;

import org.jspecify.annotations.Nullable;

/**
 * A server that a setting names by URL, such as an authentication service.
 *
 * @param tls whether it is spoken to by TLS
 * @param host a name or an IP literal (IPv6 without brackets), lower-case
 * @param keepalive how idle connections to it are kept; null for as those to all others
 */
public record Origin(
    boolean tls, String host, int port, ProxySettings.@Nullable Keepalive keepalive) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** The port of a URL that names none. */
  public static int defaultPort(boolean tls) {
    return tls ? HTTPS : HTTP;
  }

  /** {@code http://auth.example.com:80}. */
  public String text() {
    return (tls ? "https://" : "http://")
        + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
        + ":"
        + port;
  }
}
