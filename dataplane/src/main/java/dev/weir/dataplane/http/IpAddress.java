package dev.weir.dataplane.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
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
  private static final int GROUPS = 8;

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
        return parseV6(text, from, to);
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

  /**
   * RFC 4291 2.2: up to eight groups, {@code ::} once for one or more of zeros, IPv4 at the end.
   */
  private static @Nullable IpAddress parseV6(CharSequence text, int from, int to) {
    var groups = new int[GROUPS];
    int count = 0;
    int gap = -1;
    int at = from;
    if (to - from >= 2 && text.charAt(from) == ':' && text.charAt(from + 1) == ':') {
      gap = 0;
      at += 2;
    }
    while (at < to && count < GROUPS) {
      int start = at;
      int group = 0;
      while (at < to && at - start < 4 && HexFormat.isHexDigit(text.charAt(at))) {
        group = group << 4 | HexFormat.fromHexDigit(text.charAt(at++));
      }
      if (at < to && text.charAt(at) == '.') {
        long v4 = parseV4(text, start, to);
        if (v4 < 0 || count > GROUPS - 2) {
          return null;
        }
        groups[count++] = (int) (v4 >>> 16);
        groups[count++] = (int) (v4 & 0xffff);
        at = to;
        break;
      }
      if (at == start) {
        return null;
      }
      groups[count++] = group;
      if (at == to) {
        break;
      }
      if (text.charAt(at++) != ':' || at == to) {
        return null;
      }
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = count;
        at++;
      }
    }
    boolean whole = gap < 0 ? count == GROUPS : count < GROUPS;
    return at == to && whole ? ofGroups(groups, count, gap) : null;
  }

  private static IpAddress ofGroups(int[] groups, int count, int gap) {
    long high = 0;
    long low = 0;
    int zeros = GROUPS - count;
    for (int i = 0; i < GROUPS; i++) {
      int group;
      if (gap < 0 || i < gap) {
        group = groups[i];
      } else {
        group = i < gap + zeros ? 0 : groups[i - zeros];
      }
      if (i < GROUPS / 2) {
        high = high << 16 | group;
      } else {
        low = low << 16 | group;
      }
    }
    return new IpAddress(high, low);
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
