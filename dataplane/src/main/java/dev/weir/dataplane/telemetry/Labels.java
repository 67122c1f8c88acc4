package dev.weir.dataplane.telemetry;

/**
 * Labels of a series, escaped and joined once.
 *
 * @param text {@code a="x",b="y"}; empty for none
 */
public record Labels(String text) {
  /** No labels. */
  public static final Labels NONE = new Labels("");

  /** One label. */
  public static Labels of(String name, String value) {
    return NONE.and(name, value);
  }

  /** These labels and another one. */
  public Labels and(String name, String value) {
    var joined = new StringBuilder(text.length() + name.length() + value.length() + 4);
    joined.append(text);
    if (!text.isEmpty()) {
      joined.append(',');
    }
    joined.append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> joined.append("\\\\");
        case '"' -> joined.append("\\\"");
        case '\n' -> joined.append("\\n");
        // Scrapers refuse a whole page for one character that is not valid UTF-8.
        default -> joined.append(isLoneSurrogate(value, i) ? '\uFFFD' : c);
      }
    }
    return new Labels(joined.append('"').toString());
  }

  /** These labels and others. */
  public Labels and(Labels others) {
    return new Labels(
        text.isEmpty() || others.text.isEmpty() ? text + others.text : text + "," + others.text);
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
