package dev.weir.dataplane.exchange;

import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.model.AddressSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client in a chain of {@code X-Forwarded-For} (ingress-nginx.md 4.7). Each proxy appends
 * whom it got the request from, so the chain is only as good as those who wrote it: it is read from
 * its end on, and an entry counts only if the one behind it, its writer, is trusted. What is no
 * address ends the walk.
 *
 * <p>Entries are separated by commas or blanks. A port counts for nothing: {@code 192.0.2.1:4711},
 * {@code [2001:db8::1]:4711}. Pure functions.
 */
final class ForwardedFor {
  private ForwardedFor() {}

  /**
   * The last address of the chain that nobody trusted stands behind.
   *
   * @param lines the field's lines in the order received
   * @param peer who sent them
   * @return {@code peer} itself if it isn't trusted, or says nothing
   */
  static IpAddress client(List<String> lines, IpAddress peer, AddressSet trusted) {
    var client = peer;
    for (int i = lines.size() - 1; i >= 0; i--) {
      var line = lines.get(i);
      int end = skipSeparators(line, line.length());
      while (end > 0) {
        int start = start(line, end);
        var said = trusted.contains(client) ? address(line, start, end) : null;
        if (said == null) {
          return client;
        }
        client = said;
        end = skipSeparators(line, start);
      }
    }
    return client;
  }

  private static int skipSeparators(String line, int end) {
    int at = end;
    while (at > 0 && isSeparator(line.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static int start(String line, int end) {
    int at = end;
    while (at > 0 && !isSeparator(line.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean isSeparator(char c) {
    return c == ',' || c == ' ' || c == '\t';
  }

  private static @Nullable IpAddress address(String line, int start, int end) {
    if (line.charAt(start) == '[') {
      int close = line.indexOf(']', start);
      return close > 0
              && close < end
              && line.lastIndexOf(':', close) > start
              && isPort(line, close + 1, end)
          ? IpAddress.parse(line, start + 1, close)
          : null;
    }
    int colon = line.indexOf(':', start);
    boolean single = colon >= 0 && colon < end && line.lastIndexOf(':', end - 1) == colon;
    if (single) {
      return isPort(line, colon, end) ? IpAddress.parse(line, start, colon) : null;
    }
    return IpAddress.parse(line, start, end);
  }

  /** Whether nothing, or a colon and digits, stands there. */
  private static boolean isPort(String line, int start, int end) {
    if (start == end) {
      return true;
    }
    if (line.charAt(start) != ':' || end - start < 2 || end - start > 6) {
      return false;
    }
    for (int i = start + 1; i < end; i++) {
      if (line.charAt(i) < '0' || line.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
