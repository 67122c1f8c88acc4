package dev.weir.dataplane.codec;

import io.netty.util.AsciiString;

/**
 * Names of fields in lower case, as HTTP/2 wants them: the same few all the time, so each is made
 * once and found again. One for each event loop, which owns it.
 */
final class LowerNames {
  private static final int SIZE = 256;

  private final AsciiString[] names = new AsciiString[SIZE];

  /** The name that stands there. */
  AsciiString of(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + lower(bytes[i]);
    }
    int place = (hash ^ (hash >>> 15)) & (SIZE - 1);
    var known = names[place];
    if (known != null && isSame(known, bytes, from, to)) {
      return known;
    }
    var made = new byte[to - from];
    for (int i = 0; i < made.length; i++) {
      made[i] = lower(bytes[from + i]);
    }
    var name = new AsciiString(made, false);
    names[place] = name;
    return name;
  }

  private static boolean isSame(AsciiString name, byte[] bytes, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    var array = name.array();
    for (int i = 0; i < array.length; i++) {
      if (array[i] != lower(bytes[from + i])) {
        return false;
      }
    }
    return true;
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }
}
