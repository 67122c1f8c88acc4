package dev.weir.dataplane.router;

import dev.weir.dataplane.model.SafePattern;

/**
 * What every text begins with that an expression matches at its beginning: found by looking at the
 * expression up to its first special character. May be shorter than it could be, never longer.
 *
 * @param text folded ({@link #fold})
 * @param whole whether a text that begins like this does match
 */
record RegexPrefix(String text, boolean whole) {
  private static final String SPECIAL = "\\^$.|?*+()[{";
  private static final RegexPrefix NOTHING = new RegexPrefix("", false);

  static RegexPrefix of(SafePattern pattern) {
    var text = pattern.text();
    if (!pattern.ignoreCase()) {
      return NOTHING;
    }
    var quoted = quoted(text);
    if (quoted >= 0) {
      return isAscii(text, 2, quoted)
          ? new RegexPrefix(folded(text.substring(2, quoted)), true)
          : NOTHING;
    }
    int end = 0;
    while (end < text.length()
        && text.charAt(end) < 0x80
        && SPECIAL.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    if (end == text.length()) {
      return new RegexPrefix(folded(text), true);
    }
    if (hasAlternatives(text)) {
      return NOTHING;
    }
    boolean optional = end > 0 && "?*{".indexOf(text.charAt(end)) >= 0;
    return new RegexPrefix(folded(text.substring(0, optional ? end - 1 : end)), false);
  }

  /** Where the quotation ends that is the whole text, or -1. */
  private static int quoted(String text) {
    return text.startsWith("\\Q") && text.indexOf("\\E") == text.length() - 2
        ? text.length() - 2
        : -1;
  }

  private static boolean isAscii(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Whether there may be alternatives outside of all groups. */
  private static boolean hasAlternatives(String text) {
    if (text.indexOf('|') < 0) {
      return false;
    }
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        // Brackets hide what they hold, and how they end differs between engines: better no prefix.
        case '[' -> {
          return true;
        }
        case '\\' -> {
          if (text.startsWith("\\Q", i)) {
            return true;
          }
          i++;
        }
        case '(' -> depth++;
        case ')' -> depth--;
        case '|' -> {
          if (depth <= 0) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  /**
   * The character as a prefix has it. Besides ASCII letters, two others differ from ASCII ones by
   * nothing but case (Unicode's simple folding): the long s and the Kelvin sign.
   */
  static char fold(char c) {
    if (c < 0x80) {
      return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
    return switch (c) {
      case '\u017F' -> 's';
      case '\u212A' -> 'k';
      default -> c;
    };
  }

  private static String folded(String text) {
    var folded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      folded.append(fold(text.charAt(i)));
    }
    return folded.toString();
  }
}
