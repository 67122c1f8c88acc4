package dev.weir.dataplane.filter;

/**
 * Takes a text piece by piece; a piece is read during the call only, so it may be a window of bytes
 * that shows something else afterwards.
 */
public interface TextSink {
  /** Appends the characters of {@code text} from {@code from} to {@code to}, exclusive. */
  TextSink add(CharSequence text, int from, int to);

  /** Appends one character. */
  TextSink add(char c);

  /** Appends a number in decimal. */
  TextSink number(int number);

  /** Appends 16 hexadecimal digits. */
  TextSink hex(long bits);

  /** Appends a text. */
  default TextSink add(CharSequence text) {
    return add(text, 0, text.length());
  }
}
