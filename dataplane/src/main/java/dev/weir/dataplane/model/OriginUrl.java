package dev.weir.dataplane.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An http or https URL taken apart.
 *
 * @param host what {@code Host} says: without port
 * @param target path and query
 */
public record OriginUrl(Origin origin, String host, String target) {
  /**
   * Reads {@code scheme://host:port/path?query}.
   *
   * @param keepalive null for the proxy's own settings
   * @throws IllegalArgumentException if it is no such URL; the message says why
   */
  public static OriginUrl of(String url, ProxySettings.@Nullable Keepalive keepalive) {
    boolean tls = url.regionMatches(true, 0, "https://", 0, 8);
    if (!tls && !url.regionMatches(true, 0, "http://", 0, 7)) {
      throw new IllegalArgumentException("no http or https URL");
    }
    int begin = tls ? 8 : 7;
    int end = begin;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    var authority = url.substring(begin, end);
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    var host = (hasPort ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    int port = hasPort ? port(authority.substring(colon + 1)) : Origin.defaultPort(tls);
    if (!isHost(host)) {
      throw new IllegalArgumentException("no host in the URL");
    }
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int fragment = url.indexOf('#', end);
    var rest = url.substring(end, fragment < 0 ? url.length() : fragment);
    return new OriginUrl(
        new Origin(tls, bare, port, keepalive), host, rest.startsWith("/") ? rest : "/" + rest);
  }

  private static int port(String text) {
    int port = 0;
    for (int i = 0; i < text.length() && port <= 0xffff; i++) {
      int digit = text.charAt(i) - '0';
      port = digit < 0 || digit > 9 ? 0x10000 : port * 10 + digit;
    }
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("no port in the URL");
    }
    return port;
  }

  /** Names of letters, digits, dots, dashes, underscores; IPv6 literals in brackets. */
  private static boolean isHost(String host) {
    boolean literal = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    for (int i = literal ? 1 : 0; i < host.length() - (literal ? 1 : 0); i++) {
      char c = host.charAt(i);
      boolean fits =
          (c >= '0' && c <= '9')
              || (c >= 'a' && c <= (literal ? 'f' : 'z'))
              || c == '.'
              || c == (literal ? ':' : '-')
              || (!literal && c == '_');
      if (!fits) {
        return false;
      }
    }
    return literal || (!host.isEmpty() && !host.startsWith(".") && !host.contains(".."));
  }
}
