package dev.weir.e2e.garden;

/**
 * A request as a server understood it. Every server tells it to the client in a field {@link
 * #FIELD} of its reply, and keeps it.
 *
 * @param id unique at its server
 * @param body length and CRC-32 of the body; {@code -} where a server can't tell
 * @param marker value of the field {@code X-Marker}; empty if there is none
 */
record Seen(String id, String method, String target, String body, String marker) {
  static final String FIELD = "X-Seen";

  /** With characters that no method has, and blanks, which no target has. */
  static final String BETWEEN = " :: ";

  /** From {@link #text}. */
  static Seen parse(String text) {
    // A blank at the end of a field gets lost on the way, with an empty marker behind it.
    var parts = (text + " ").split(BETWEEN, 5);
    // Some know the target as it was received only as a part of the line that it came in.
    var target = parts[2].replaceFirst("^\\S+ (\\S+) HTTP/1\\.1$", "$1");
    return new Seen(parts[0], parts[1], target, parts[3], parts[4].strip());
  }

  /** For the field. */
  String text() {
    return String.join(BETWEEN, id, method, target, body, marker);
  }

  /** Whether both servers understood the same; they differ in how they decode bytes above ASCII. */
  boolean agreesWith(Seen other) {
    return method.equals(other.method)
        && sameTarget(target, other.target)
        && ascii(marker).equals(ascii(other.marker))
        && (body.equals(other.body) || body.equals("-") || other.body.equals("-"));
  }

  /** Undertow does not tell of question marks that a query begins with. */
  private static boolean sameTarget(String one, String other) {
    return one.replaceFirst("\\?+", "?").equals(other.replaceFirst("\\?+", "?"));
  }

  /** Without blanks, too: Undertow makes spaces of tabs. */
  private static String ascii(String text) {
    return text.replaceAll("[^!-~]", "");
  }
}
