package dev.weir.dataplane.fuzz;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PROXY header by offsets (proxy-protocol.txt 2.1, 2.2): how long it is, and whom it names,
 * told by patterns and the JDK. The proxy must accept the same and read it alike.
 *
 * @param length of the header
 * @param client bytes of the client's address; empty if none is named
 * @param port that the client connected to
 */
@SuppressWarnings("ArrayRecordComponent") // compared field by field
record SlowProxyHeader(int length, byte[] client, int port) {
  private static final byte[] SIGNATURE = Finding.bytes("\r\n\r\n\0\r\nQUIT\n");
  private static final byte[] NOBODY = {};
  private static final String NUMBER = "(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
  private static final String DOTTED = NUMBER + "(?:\\." + NUMBER + "){3}";
  private static final String V4 = "(" + DOTTED + ")";
  private static final String GROUP = "[0-9A-Fa-f]{0,4}";
  // What the JDK reads beyond RFC 4291 2.2 is kept from it: groups of more than four digits.
  private static final String V6 = "((?:" + GROUP + ":){2,7}(?:" + DOTTED + "|" + GROUP + "))";
  private static final String PORTS = " (0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4})";
  private static final Pattern TCP4 = Pattern.compile("PROXY TCP4 " + V4 + " " + V4 + PORTS);
  private static final Pattern TCP6 = Pattern.compile("PROXY TCP6 " + V6 + " " + V6 + PORTS);
  private static final int MOST_BEHIND = 216 + 4096;

  /** The header that the bytes begin with; null if there is none. */
  static @Nullable SlowProxyHeader of(byte[] bytes) {
    return bytes.length > 16 - 1 && Arrays.equals(bytes, 0, 12, SIGNATURE, 0, 12)
        ? binary(bytes)
        : text(Finding.text(bytes));
  }

  private static @Nullable SlowProxyHeader text(String text) {
    int end = text.indexOf("\r\n");
    if (end < 0 || end > 105) {
      return null;
    }
    var line = text.substring(0, end);
    if (line.matches("(?s)PROXY UNKNOWN( .*)?")) {
      return new SlowProxyHeader(end + 2, NOBODY, 0);
    }
    var parts = (line.startsWith("PROXY TCP4") ? TCP4 : TCP6).matcher(line);
    if (!parts.matches()
        || Integer.parseInt(parts.group(3)) > 65535
        || Integer.parseInt(parts.group(4)) > 65535) {
      return null;
    }
    try {
      InetAddress.ofLiteral(parts.group(2));
      var client = InetAddress.ofLiteral(parts.group(1)).getAddress();
      return new SlowProxyHeader(end + 2, client, Integer.parseInt(parts.group(4)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable SlowProxyHeader binary(byte[] bytes) {
    int length = 16 + number(bytes, 14);
    if (bytes.length < length || length > 16 + MOST_BEHIND) {
      return null;
    }
    return switch (bytes[12]) {
      case 0x20 -> new SlowProxyHeader(length, NOBODY, 0);
      case 0x21 -> proxied(bytes, length);
      default -> null;
    };
  }

  private static @Nullable SlowProxyHeader proxied(byte[] bytes, int length) {
    int addresses =
        switch (bytes[13]) {
          case 0x00 -> 0;
          case 0x11 -> 12;
          case 0x21 -> 36;
          case 0x31 -> 216;
          default -> 1 << 16;
        };
    int at = 16 + addresses;
    while (at + 3 <= length) {
      at += 3 + number(bytes, at + 1);
    }
    if (at != length) {
      return null;
    }
    return switch (bytes[13]) {
      case 0x11 ->
          new SlowProxyHeader(length, Arrays.copyOfRange(bytes, 16, 20), number(bytes, 26));
      case 0x21 ->
          new SlowProxyHeader(length, Arrays.copyOfRange(bytes, 16, 32), number(bytes, 50));
      default -> new SlowProxyHeader(length, NOBODY, 0);
    };
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  /** The address as the JDK writes it; empty if none is named. */
  String address() {
    try {
      return client.length == 0 ? "" : InetAddress.getByAddress(client).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
