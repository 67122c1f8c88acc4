package dev.weir.dataplane.filter;

import java.util.HexFormat;

/** Makes one String of all. */
final class TextBuilder implements TextSink {
  private final StringBuilder text = new StringBuilder();

  @Override
  public TextSink add(CharSequence more, int from, int to) {
    text.append(more, from, to);
    return this;
  }

  @Override
  public TextSink add(char c) {
    text.append(c);
    return this;
  }

  @Override
  public TextSink number(int number) {
    text.append(number);
    return this;
  }

  @Override
  public TextSink hex(long bits) {
    text.append(HexFormat.of().toHexDigits(bits));
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
