package dev.weir.dataplane.http;

import org.jspecify.annotations.Nullable;

/**
 * Reads a path once, in one of the ways that servers read it: decodes, merges slashes, resolves dot
 * segments. Used up by one {@link #read}; a helper of {@link CanonicalPath}.
 */
final class PathReader {
  /** Encoded slashes stay opaque, parameters are text. */
  static final int AS_RECEIVED = 0;

  /** {@code %2F} separates segments. */
  static final int SLASHES = 1;

  /** {@code %5C} separates segments. */
  static final int BACKSLASHES = 2;

  /** What follows a {@code ;} inside a segment is dropped. */
  static final int PARAMETERS = 4;

  /**
   * First of the characters that stand for opaque bytes: lone surrogates, never in decoded text.
   */
  private static final char OPAQUE = 0xDC00;

  private final String target;
  private final int end;
  private final int reading;
  private final StringBuilder out;
  private final byte[] bytes = new byte[4];
  private int segmentStart = 1;
  private boolean skipping;
  private boolean hadDotSegments;
  private int readings;
  private String fault = "";

  /**
   * @param end of the path
   * @param reading a sum of the constants above
   */
  PathReader(String target, int end, int reading) {
    this.target = target;
    this.end = end;
    this.reading = reading;
    this.out = new StringBuilder(end).append('/');
  }

  /** The canonical path, or null if there is a {@link #fault}. */
  @Nullable String read() {
    int i = 1;
    while (i < end && fault.isEmpty()) {
      char c = target.charAt(i);
      if (c == '%') {
        i = escape(i);
      } else {
        if (!CanonicalPath.allowedRaw(c)) {
          fault = "path contains a character that must be percent-encoded";
        }
        text(c);
        i++;
      }
    }
    if (fault.isEmpty()) {
      closeSegment(false);
    }
    return fault.isEmpty() ? out.toString() : null;
  }

  /** What is wrong; empty if nothing is. */
  String fault() {
    return fault;
  }

  boolean hadDotSegments() {
    return hadDotSegments;
  }

  /** Which other readings of this path there are: a sum of the constants above. */
  int readings() {
    return readings;
  }

  private void text(char c) {
    if (c == '/') {
      closeSegment(true);
      return;
    }
    if (c == ';') {
      readings |= PARAMETERS;
      skipping |= (reading & PARAMETERS) != 0;
    }
    if (!skipping) {
      out.append(c);
    }
  }

  private void closeSegment(boolean bySlash) {
    skipping = false;
    int length = out.length() - segmentStart;
    if (length == 1 && out.charAt(segmentStart) == '.') {
      hadDotSegments = true;
      out.setLength(segmentStart);
    } else if (length == 2
        && out.charAt(segmentStart) == '.'
        && out.charAt(segmentStart + 1) == '.') {
      hadDotSegments = true;
      if (segmentStart == 1) {
        fault = "path climbs above its root";
        return;
      }
      out.setLength(out.lastIndexOf("/", segmentStart - 2) + 1);
      segmentStart = out.length();
    } else if (length > 0 && bySlash) {
      out.append('/');
      segmentStart = out.length();
    }
  }

  /** Decodes what begins with the percent sign at {@code i}; returns the index after it. */
  private int escape(int i) {
    int first = octet(i);
    if (first < 0) {
      fault = "path contains a percent sign without two hexadecimal digits";
      return i;
    }
    if (first < 0x80) {
      ascii((char) first);
      return i + 3;
    }
    int length = 1;
    bytes[0] = (byte) first;
    while (length < 4 && continuation(octet(i + 3 * length))) {
      bytes[length] = (byte) octet(i + 3 * length);
      length++;
    }
    if (length > 1 && overlong(first, bytes[1] & 0xff)) {
      fault = "path contains overlong UTF-8";
      return i;
    }
    int used = Utf8.length(bytes, length);
    if (!skipping) {
      if (used == 0) {
        out.append((char) (OPAQUE + first));
      } else {
        out.appendCodePoint(Utf8.codePoint(bytes, used));
      }
    }
    return i + 3 * Math.max(used, 1);
  }

  private void ascii(char c) {
    if (c < ' ' || c == 0x7f) {
      fault = "path contains an encoded control character";
    } else if (c == '/' || c == '\\') {
      int how = c == '/' ? SLASHES : BACKSLASHES;
      readings |= how;
      if ((reading & how) != 0) {
        text('/');
      } else if (!skipping) {
        out.append((char) (OPAQUE + c));
      }
    } else {
      text(c);
    }
  }

  private static boolean continuation(int octet) {
    return (octet & ~0x3f) == 0x80;
  }

  /** Whether these begin a sequence that spells a character longer than needed, of any length. */
  private static boolean overlong(int first, int second) {
    return switch (first) {
      case 0xc0, 0xc1 -> true;
      case 0xe0 -> second < 0xa0;
      case 0xf0 -> second < 0x90;
      case 0xf8 -> second < 0x88;
      case 0xfc -> second < 0x84;
      default -> false;
    };
  }

  /** The byte that is written {@code %XX} at {@code i}, or -1. */
  private int octet(int i) {
    if (i + 2 >= end || target.charAt(i) != '%') {
      return -1;
    }
    int high = hex(target.charAt(i + 1));
    int low = hex(target.charAt(i + 2));
    return high < 0 || low < 0 ? -1 : (high << 4) | low;
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
