package dev.weir.dataplane.exchange;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The user of basic authentication (RFC 7617), verified or not, for the access log: decoded without
 * a String that would hold the password. Owned by one event loop.
 */
final class BasicUser {
  private static final String SCHEME = "basic ";

  /** Six bits by character; -1 for what is none. */
  private static final byte[] BITS = bits();

  private byte[] decoded = new byte[64];

  private static byte[] bits() {
    var bits = new byte[256];
    Arrays.fill(bits, (byte) -1);
    var digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < digits.length(); i++) {
      bits[digits.charAt(i)] = (byte) i;
    }
    return bits;
  }

  /**
   * The value of {@code $remote_user}: everything up to the first colon, or what stands for none.
   */
  LogLine addTo(LogLine line, @Nullable CharSequence authorization) {
    int size = authorization == null ? -1 : decode(authorization);
    int colon = 0;
    while (colon < size && decoded[colon] != ':') {
      colon++;
    }
    return colon == 0 || colon >= size ? line.absent() : line.add(decoded, 0, colon);
  }

  /** How many bytes the credentials have; -1 if there are none. */
  private int decode(CharSequence value) {
    int from = SCHEME.length();
    if (value.length() < from) {
      return -1;
    }
    for (int i = 0; i < from; i++) {
      if ((value.charAt(i) | 0x20) != SCHEME.charAt(i)) {
        return -1;
      }
    }
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    int padding = 0;
    while (padding < 2 && to > from && value.charAt(to - 1) == '=') {
      to--;
      padding++;
    }
    int digits = to - from;
    // Padding may be left out, but not be wrong.
    boolean whole = digits % 4 != 1 && (padding == 0 || (digits + padding) % 4 == 0);
    return whole ? decode(value, from, to) : -1;
  }

  private int decode(CharSequence value, int from, int to) {
    if (decoded.length < to - from) {
      decoded = new byte[to - from];
    }
    int size = 0;
    int bits = 0;
    int held = 0;
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      int six = c > 0xff ? -1 : BITS[c];
      if (six < 0) {
        return -1;
      }
      held = held << 6 | six;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        decoded[size++] = (byte) (held >> bits);
      }
    }
    return size;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
