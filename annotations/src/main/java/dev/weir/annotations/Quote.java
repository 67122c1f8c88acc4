package dev.weir.annotations;

/** Users' text in messages. */
final class Quote {
  private static final int LONGEST = 80;

  private Quote() {}

  /** The text in quotes, cut if it is long. */
  static String of(String text) {
    return text.length() <= LONGEST
        ? "\"" + text + "\""
        : "\"" + text.substring(0, LONGEST) + "…\"";
  }
}
