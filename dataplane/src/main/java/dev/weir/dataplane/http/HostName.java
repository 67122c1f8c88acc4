package dev.weir.dataplane.http;

import io.netty.util.NetUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host that routes and TLS policies are looked up with, from an authority or an SNI name: lower
 * case, without port, without one trailing dot. Addresses stay as they are; IPv6 keeps its
 * brackets.
 *
 * <p>Source: RFC 9112 section 3.2, RFC 3986 section 3.2, narrowed to letters, digits, {@code -_.}:
 * nothing else can be the host of a rule. Pure functions, any thread.
 */
public final class HostName {
  private static final int MAX_LENGTH = 253;

  private HostName() {}

  /**
   * Reads an authority.
   *
   * @param authority value of {@code Host} or {@code :authority}, as received
   * @return the same instance if nothing is to be changed; empty for an empty authority; null if it
   *     is malformed
   */
  public static @Nullable String of(String authority) {
    if (authority.isEmpty()) {
      return authority;
    }
    if (authority.charAt(0) == '[') {
      return ipv6(authority);
    }
    int length = authority.length();
    int end = length;
    boolean upper = false;
    for (int i = 0; i < length; i++) {
      char c = authority.charAt(i);
      if (c == ':') {
        end = i;
        break;
      }
      if (c == '.' ? i == 0 || authority.charAt(i - 1) == '.' : !isLabel(c)) {
        return null;
      }
      upper |= c >= 'A' && c <= 'Z';
    }
    if (end == 0 || !isPort(authority, end)) {
      return null;
    }
    int hostEnd = authority.charAt(end - 1) == '.' ? end - 1 : end;
    if (hostEnd == 0 || hostEnd > MAX_LENGTH) {
      return null;
    }
    var host = hostEnd == length ? authority : authority.substring(0, hostEnd);
    return upper ? host.toLowerCase(Locale.ROOT) : host;
  }

  /** Whether this character may stand in a label: {@code [A-Za-z0-9_-]}. */
  public static boolean isLabel(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '_';
  }

  private static @Nullable String ipv6(String authority) {
    int close = authority.indexOf(']');
    if (close < 0 || !isPort(authority, close + 1)) {
      return null;
    }
    var address = authority.substring(1, close);
    // A zone means nothing to anybody but the sender.
    if (address.indexOf('%') >= 0 || !NetUtil.isValidIpV6Address(address)) {
      return null;
    }
    var host = close + 1 == authority.length() ? authority : authority.substring(0, close + 1);
    return host.toLowerCase(Locale.ROOT);
  }

  /** Whether nothing, or a colon and at most a port number, stands at {@code from}. */
  private static boolean isPort(String authority, int from) {
    if (from == authority.length()) {
      return true;
    }
    if (authority.charAt(from) != ':' || authority.length() - from > 6) {
      return false;
    }
    int port = 0;
    for (int i = from + 1; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = port * 10 + (c - '0');
    }
    return port <= 65_535;
  }
}
