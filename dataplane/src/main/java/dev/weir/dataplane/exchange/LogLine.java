package dev.weir.dataplane.exchange;

import dev.weir.dataplane.model.LogFormat.Escape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a line of the access log while it is made; used again for the next one. */
final class LogLine {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[1024];
  private int length;

  /** What a value is put together in before it is escaped. */
  final StringBuilder scratch = new StringBuilder();

  void clear() {
    length = 0;
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

  /** A value that others chose; each character is a byte of it. */
  LogLine value(CharSequence value, Escape escape) {
    int size = value.length();
    room(6 * size);
    for (int i = 0; i < size; i++) {
      int c = value.charAt(i) & 0xff;
      switch (escape) {
        case DEFAULT -> {
          if (c < ' ' || c > '~' || c == '"' || c == '\\') {
            hex('x', c);
          } else {
            bytes[length++] = (byte) c;
          }
        }
        case JSON -> json(c);
        case NONE -> {
          if (c < ' ' || c == 0x7f) {
            hex('x', c);
          } else {
            bytes[length++] = (byte) c;
          }
        }
      }
    }
    return this;
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
        if (c < ' ' || c == 0x7f) {
          escaped('u');
          bytes[length++] = '0';
          bytes[length++] = '0';
          digits(c);
        } else {
          bytes[length++] = (byte) c;
        }
      }
    }
  }

  private void escaped(int c) {
    bytes[length++] = '\\';
    bytes[length++] = (byte) c;
  }

  private void hex(char kind, int c) {
    escaped(kind);
    digits(c);
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
