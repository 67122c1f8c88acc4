package dev.weir.e2e.wire;

/** Lines of a text block as lines of HTTP. */
public final class Crlf {
  private Crlf() {}

  /** The text with CRLF in place of each line feed. */
  public static String of(String text) {
    return text.replace("\n", "\r\n");
  }
}
