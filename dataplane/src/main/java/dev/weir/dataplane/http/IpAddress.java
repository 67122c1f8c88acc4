package dev.weir.dataplane.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as 128 bits. IPv4 is {@code ::ffff:a.b.c.d} (RFC 4291 2.5.5.2), so that a client is
 * the same whichever kind of socket or text it comes by. Immutable.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record IpAddress(long high, long low) {
  /** {@code ::}, which no client has: stands for an unknown address. */
  public static final IpAddress NONE = new IpAddress(0, 0);

  private static final long MAPPED = 0xffff_0000_0000L;
  private static final long V4_MASK = 0xffff_ffffL;
  private static final int LONGEST_V6 = 45;

  /** The address that a socket has. */
  public static IpAddress of(InetAddress address) {
    var bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.capacity() == 4
        ? ofV4(bytes.getInt())
        : new IpAddress(bytes.getLong(), bytes.getLong());
  }

  /** The IPv4 address of these 32 bits. */
  public static IpAddress ofV4(int bits) {
    return new IpAddress(0, MAPPED | (bits & V4_MASK));
  }

  /** The address that {@code text} is, whole; null if it is none. */
  public static @Nullable IpAddress parse(CharSequence text) {
    return parse(text, 0, text.length());
  }

  /**
   * The address between two places of {@code text}: four decimal numbers without leading zeros, or
   * IPv6 without brackets and zone; null if there is none.
   */
  public static @Nullable IpAddress parse(CharSequence text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == ':') {
        return parseV6(text.subSequence(from, to).toString());
      }
    }
    long bits = parseV4(text, from, to);
    return bits < 0 ? null : ofV4((int) bits);
  }

  private static long parseV4(CharSequence text, int from, int to) {
    long bits = 0;
    int at = from;
    for (int part = 0; part < 4; part++) {
      int start = at;
      int number = 0;
      while (at < to && at - start < 3 && isDigit(text.charAt(at))) {
        number = number * 10 + (text.charAt(at++) - '0');
      }
      boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
      boolean separated = part == 3 ? at == to : at < to && text.charAt(at) == '.';
      if (at == start || leadingZero || number > 255 || !separated) {
        return -1;
      }
      at++;
      bits = bits << 8 | number;
    }
    return bits;
  }

  private static @Nullable IpAddress parseV6(String text) {
    if (text.length() > LONGEST_V6 || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
      return null;
    }
    int dotted = text.lastIndexOf(':') + 1;
    // Netty takes leading zeros there, which others read as octal.
    if (text.indexOf('.') >= 0 && parseV4(text, dotted, text.length()) < 0) {
      return null;
    }
    var bytes = NetUtil.createByteArrayFromIpAddressString(text);
    if (bytes == null || bytes.length != 16) {
      return null;
    }
    var buffer = ByteBuffer.wrap(bytes);
    return new IpAddress(buffer.getLong(), buffer.getLong());
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether it is an IPv4 address. */
  public boolean isV4() {
    return high == 0 && (low & ~V4_MASK) == MAPPED;
  }

  /** The 32 bits of an IPv4 address, unsigned. */
  public long v4() {
    return low & V4_MASK;
  }

  /** The shortest text (RFC 5952); IPv4 as four numbers. */
  public String text() {
    if (isV4()) {
      return (low >> 24 & 0xff)
          + "."
          + (low >> 16 & 0xff)
          + "."
          + (low >> 8 & 0xff)
          + "."
          + (low & 0xff);
    }
    try {
      var bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
      return NetUtil.toAddressString(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen bytes are always an address", e);
    }
  }

  @Override
  public String toString() {
    return text();
  }
}
