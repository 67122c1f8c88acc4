package dev.weir.dataplane.filter;

import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986 2.1). Pure. */
public final class Percent {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private Percent() {}

  /**
   * Appends a text whose characters are bytes, as received, so that it is one component: only
   * unreserved characters stay.
   */
  public static void component(TextSink to, CharSequence bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (isUnreserved(c)) {
        to.add(c);
      } else {
        escape(to, c);
      }
    }
  }

  /** Appends a canonical path ({@code http.CanonicalPath}) so that it can stand in a head. */
  public static void path(TextSink to, CharSequence path) {
    int begin = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c > ' ' && c < 0x7f && c != '%' && c != '?' && c != '#') {
        continue;
      }
      to.add(path, begin, i);
      int width = Character.isHighSurrogate(c) && i + 1 < path.length() ? 2 : 1;
      if (c >= 0xdc00 && c <= 0xdcff) {
        // How the canonical path writes a byte that stays opaque.
        escape(to, c - 0xdc00);
      } else {
        for (byte b : path.subSequence(i, i + width).toString().getBytes(StandardCharsets.UTF_8)) {
          escape(to, b & 0xff);
        }
      }
      i += width - 1;
      begin = i + 1;
    }
    to.add(path, begin, path.length());
  }

  private static void escape(TextSink to, int b) {
    to.add('%').add(HEX[b >> 4 & 0xf]).add(HEX[b & 0xf]);
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
