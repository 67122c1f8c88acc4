package dev.weir.dataplane.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a target says that something that must hold does not. */
final class Finding {
  private Finding() {}

  /** Fails unless both are equal. */
  static void unlessEqual(String what, @Nullable Object expected, @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(what + ": expected " + expected + " but was " + actual);
    }
  }

  /** Fails unless {@code holds}. */
  static void unless(boolean holds, String what, Object shown) {
    if (!holds) {
      throw new AssertionError(what + ": " + shown);
    }
  }

  /**
   * Fails unless a written head consists of lines that end in CRLF, none of them empty but the
   * last, without any other control byte but tabs.
   */
  static void unlessHead(String head) {
    unless(head.endsWith("\r\n\r\n"), "head does not end in an empty line", head);
    var lines = head.substring(0, head.length() - 4).split("\r\n", -1);
    for (var line : lines) {
      unless(!line.isEmpty(), "head has an empty line inside", head);
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        unless((c >= ' ' || c == '\t') && c != 0x7f && c <= 0xff, "control byte in a head", head);
      }
    }
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
