package dev.weir.dataplane.http;

import java.nio.charset.StandardCharsets;

/**
 * The way back from a {@link CanonicalPath} to bytes: what can't stand raw in a path (RFC 3986 3.3)
 * is percent-encoded. Pure.
 */
public final class EncodedPath {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private EncodedPath() {}

  /**
   * Appends a part of a canonical path, or of any text.
   *
   * @param to gets only characters that may stand raw in a path
   */
  public static void append(StringBuilder to, String canonical, int from, int end) {
    for (int i = from; i < end; i++) {
      char c = canonical.charAt(i);
      if (c != '%' && CanonicalPath.allowedRaw(c)) {
        to.append(c);
      } else if (c >= 0xdc00 && c <= 0xdcff) {
        // A byte that stayed opaque. As a low surrogate it is consumed below, with its high one.
        escape(to, c - 0xdc00);
      } else {
        int width =
            Character.isHighSurrogate(c)
                    && i + 1 < end
                    && Character.isLowSurrogate(canonical.charAt(i + 1))
                ? 2
                : 1;
        for (byte b : canonical.substring(i, i + width).getBytes(StandardCharsets.UTF_8)) {
          escape(to, b & 0xff);
        }
        i += width - 1;
      }
    }
  }

  /**
   * Appends a text whose characters are bytes, as received, of which only those are encoded that
   * can't stand in any address: controls, spaces, and what isn't ASCII.
   */
  public static void appendPrintable(StringBuilder to, String bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c > ' ' && c < 0x7f) {
        to.append(c);
      } else {
        escape(to, c & 0xff);
      }
    }
  }

  private static void escape(StringBuilder to, int b) {
    to.append('%').append(HEX[b >> 4]).append(HEX[b & 0xf]);
  }
}
