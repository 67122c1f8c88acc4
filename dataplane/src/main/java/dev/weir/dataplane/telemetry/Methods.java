package dev.weir.dataplane.telemetry;

/** The methods that are told apart; a client may send any token. */
final class Methods {
  private static final String[] NAMES = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "OTHER"
  };

  private Methods() {}

  /** A number for a method, that of {@code OTHER} for an unknown one. */
  static int indexOf(String method) {
    int other = NAMES.length - 1;
    for (int i = 0; i < other; i++) {
      if (NAMES[i].equals(method)) {
        return i;
      }
    }
    return other;
  }

  static String name(int index) {
    return NAMES[index];
  }
}
