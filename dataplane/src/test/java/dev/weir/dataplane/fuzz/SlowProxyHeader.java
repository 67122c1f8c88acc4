package dev.weir.dataplane.fuzz;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PROXY header by offsets (proxy-protocol.txt 2.1, 2.2): how long it is, and whom it names.
 * It does not check all that the proxy does; what the proxy accepts, it must read alike.
 *
 * @param length of the header
 * @param client bytes of the client's address; empty if none is named
 * @param port that the client connected to
 */
@SuppressWarnings("ArrayRecordComponent") // compared field by field
record SlowProxyHeader(int length, byte[] client, int port) {
  private static final byte[] SIGNATURE = Finding.bytes("\r\n\r\n\0\r\nQUIT\n");
  private static final byte[] NOBODY = {};
  private static final Pattern TEXT =
      Pattern.compile(
          "PROXY TCP([46]) ([0-9A-Fa-f:.]+) [0-9A-Fa-f:.]+(?:%[^ ]*)? \\+?[0-9]+ \\+?([0-9]+) *");

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
    var parts = TEXT.matcher(line);
    if (!parts.matches()) {
      return null;
    }
    try {
      var client = InetAddress.ofLiteral(parts.group(2)).getAddress();
      return new SlowProxyHeader(end + 2, client, Integer.parseInt(parts.group(3)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable SlowProxyHeader binary(byte[] bytes) {
    int length = 16 + number(bytes, 14);
    if (bytes.length < length || (bytes[12] & 0xfe) != 0x20) {
      return null;
    }
    int family = bytes[12] == 0x20 ? 0 : bytes[13] >> 4;
    return switch (family) {
      case 1 ->
          length < 28
              ? null
              : new SlowProxyHeader(length, Arrays.copyOfRange(bytes, 16, 20), number(bytes, 26));
      case 2 ->
          length < 52
              ? null
              : new SlowProxyHeader(length, Arrays.copyOfRange(bytes, 16, 32), number(bytes, 50));
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
