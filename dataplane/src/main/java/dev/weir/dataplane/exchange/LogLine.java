package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.TextSink;
import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.model.LogFormat.Escape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a line of the access log while it is made; used again for the next one. What is added is
 * escaped as the line's format wants; each character is a byte of it. Owned by one event loop.
 */
final class LogLine implements TextSink {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** What the longest escape of a byte takes. */
  private static final int LONGEST = 6;

  /** By byte: whether it stays as it is. */
  private static final boolean[] PLAIN = plain(Escape.DEFAULT);

  private static final boolean[] PLAIN_IN_JSON = plain(Escape.JSON);
  private static final boolean[] PLAIN_IN_NONE = plain(Escape.NONE);

  private byte[] bytes = new byte[1024];
  private int length;
  private Escape escape = Escape.DEFAULT;
  private boolean[] plain = PLAIN;

  private static boolean[] plain(Escape escape) {
    var plain = new boolean[256];
    for (int c = 0; c < plain.length; c++) {
      boolean control = c < ' ' || c == 0x7f;
      boolean quote = c == '"' || c == '\\';
      plain[c] =
          switch (escape) {
            case DEFAULT -> c < 0x80 && !control && !quote;
            case JSON -> !control && !quote;
            case NONE -> !control;
          };
    }
    return plain;
  }

  /** Begins a line. */
  void begin(Escape newEscape) {
    length = 0;
    escape = newEscape;
    plain =
        switch (newEscape) {
          case DEFAULT -> PLAIN;
          case JSON -> PLAIN_IN_JSON;
          case NONE -> PLAIN_IN_NONE;
        };
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Text of ours, as it is. */
  LogLine text(CharSequence text) {
    int size = text.length();
    room(size);
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        return wide(text.subSequence(i, size).toString());
      }
      bytes[length++] = (byte) c;
    }
    return this;
  }

  private LogLine wide(String text) {
    var encoded = text.getBytes(StandardCharsets.UTF_8);
    room(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
    return this;
  }

  /** In the place of a value that isn't there. */
  LogLine absent() {
    return escape == Escape.JSON ? this : text("-");
  }

  /** A value, or what stands for none. */
  LogLine value(@Nullable CharSequence value) {
    return value == null ? absent() : add(value, 0, value.length());
  }

  @Override
  public LogLine number(int number) {
    return number((long) number);
  }

  LogLine number(long number) {
    if (number < 0) {
      return text(Long.toString(number));
    }
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    room(digits);
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  @Override
  public LogLine hex(long bits) {
    room(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      int digit = (int) (bits >>> shift) & 15;
      bytes[length++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    return this;
  }

  /** As seconds with three decimals. */
  LogLine seconds(long nanos) {
    return millis(nanos / 1_000_000);
  }

  /** Milliseconds as seconds with three decimals. */
  LogLine millis(long millis) {
    number(millis / 1000);
    room(4);
    bytes[length++] = '.';
    bytes[length++] = (byte) ('0' + millis / 100 % 10);
    bytes[length++] = (byte) ('0' + millis / 10 % 10);
    bytes[length++] = (byte) ('0' + millis % 10);
    return this;
  }

  @Override
  public LogLine add(char c) {
    room(LONGEST);
    put(c & 0xff);
    return this;
  }

  @Override
  public LogLine add(CharSequence value, int from, int to) {
    if (value instanceof ByteText text) {
      return add(text.bytes(), text.start() + from, text.start() + to);
    }
    room(LONGEST * (to - from));
    for (int i = from; i < to; i++) {
      put(value.charAt(i) & 0xff);
    }
    return this;
  }

  /** Bytes that others chose. */
  LogLine add(byte[] value, int from, int to) {
    room(LONGEST * (to - from));
    for (int i = from; i < to; i++) {
      put(value[i] & 0xff);
    }
    return this;
  }

  /** There is room for any escape. */
  private void put(int c) {
    if (plain[c]) {
      bytes[length++] = (byte) c;
    } else if (escape == Escape.JSON) {
      json(c);
    } else {
      escaped('x');
      digits(c);
    }
  }

  private void json(int c) {
    switch (c) {
      case '"', '\\' -> escaped(c);
      case '\n' -> escaped('n');
      case '\r' -> escaped('r');
      case '\t' -> escaped('t');
      case '\b' -> escaped('b');
      case '\f' -> escaped('f');
      default -> {
        escaped('u');
        bytes[length++] = '0';
        bytes[length++] = '0';
        digits(c);
      }
    }
  }

  private void escaped(int c) {
    bytes[length++] = '\\';
    bytes[length++] = (byte) c;
  }

  private void digits(int c) {
    bytes[length++] = HEX[c >> 4];
    bytes[length++] = HEX[c & 15];
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
