package dev.weir.dataplane.router;

/** Compares a string with a part of another text, without cutting it out. */
final class Region {
  private Region() {}

  /** As {@code whole.compareTo(text.substring(from, to))}. */
  static int compare(String whole, CharSequence text, int from, int to) {
    int length = to - from;
    if (whole.length() == length
        && text instanceof String string
        && string.startsWith(whole, from)) {
      return 0;
    }
    int common = Math.min(whole.length(), length);
    for (int i = 0; i < common; i++) {
      int order = Character.compare(whole.charAt(i), text.charAt(from + i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(whole.length(), length);
  }
}
