package dev.weir.testsupport;

/**
 * How bytes are written in files of cases: {@code \r \n \t \0 \\ \xNN}, and {@code \{a*500}} for
 * 500 times {@code a}.
 */
public final class Escapes {
  private Escapes() {}

  /**
   * The text that was meant.
   *
   * @throws IllegalArgumentException for an unknown escape
   */
  public static String undo(String text) {
    var out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      switch (text.charAt(i)) {
        case 'r' -> out.append('\r');
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case '0' -> out.append('\0');
        case '\\' -> out.append('\\');
        case 'x' -> {
          out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
          i += 2;
        }
        case '{' -> {
          int close = text.indexOf('}', i);
          int count = Integer.parseInt(text.substring(i + 3, close));
          out.append(text.substring(i + 1, i + 2).repeat(count));
          i = close;
        }
        default -> throw new IllegalArgumentException("unknown escape in: " + text);
      }
      i++;
    }
    return out.toString();
  }
}
