package dev.weir.dataplane.codec;

import java.nio.charset.StandardCharsets;

/** Method names without a new String for the usual ones. */
final class MethodNames {
  private static final String[] USUAL = {
    "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"
  };

  private MethodNames() {}

  static String of(byte[] bytes, int length) {
    for (var name : USUAL) {
      if (name.length() == length && same(bytes, name)) {
        return name;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }

  private static boolean same(byte[] bytes, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (bytes[i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
