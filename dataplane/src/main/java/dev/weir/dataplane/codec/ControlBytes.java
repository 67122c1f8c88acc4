package dev.weir.dataplane.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the bytes that may not stand inside of a line, eight at a time. Pure. */
final class ControlBytes {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long SPACES = ' ' * ONES;
  private static final long DELETES = 0x7f * ONES;

  private ControlBytes() {}

  /**
   * The first place of a byte below a space that is no tab, or of {@code 0x7f}; else {@code to}.
   */
  static int find(byte[] bytes, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to) {
      long word = (long) WORD.get(bytes, at);
      long low = (word - SPACES) & ~word & HIGHS;
      long delete = word ^ DELETES;
      // Borrows can mark bytes above a true hit, never below: the lowest mark is right.
      long marks = low | ((delete - ONES) & ~delete & HIGHS);
      if (marks == 0) {
        at += Long.BYTES;
        continue;
      }
      at += Long.numberOfTrailingZeros(marks) >>> 3;
      if (bytes[at] != '\t') {
        return at;
      }
      at++;
    }
    while (at < to && !isControl(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isControl(byte b) {
    return (b >= 0 && b < ' ' && b != '\t') || b == 0x7f;
  }
}
