package dev.weir.dataplane.filter;

/** Finds a {@code name=value} among many, as nginx finds cookies and arguments. Pure. */
final class Pairs {
  private Pairs() {}

  /**
   * Appends the value of the first pair of that name, whatever the case of its letters.
   *
   * @param from where in {@code pairs} they begin
   * @return false if there is none
   */
  static boolean addValue(
      TextSink text, CharSequence pairs, int from, char separator, String name) {
    int size = pairs.length();
    int at = from;
    while (at <= size - name.length()) {
      while (at < size && pairs.charAt(at) == ' ') {
        at++;
      }
      int end = at;
      while (end < size && pairs.charAt(end) != separator) {
        end++;
      }
      int equals = at + name.length();
      if (equals < end && pairs.charAt(equals) == '=' && same(pairs, at, name)) {
        text.add(pairs, equals + 1, end);
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private static boolean same(CharSequence pairs, int at, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (lower(pairs.charAt(at + i)) != lower(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(char c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
}
