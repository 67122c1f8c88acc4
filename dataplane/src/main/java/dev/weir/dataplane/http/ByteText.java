package dev.weir.dataplane.http;

import java.nio.charset.StandardCharsets;

/**
 * Text that stays in the bytes that it was received in, Latin-1. A window that is moved instead of
 * made anew: whoever keeps what it shows takes {@link #toString}. Owned by one event loop.
 */
public final class ByteText implements CharSequence {
  private byte[] bytes = {};
  private int start;
  private int end;

  /** Shows these bytes from now on; they are not copied. */
  public ByteText set(byte[] newBytes, int newStart, int newEnd) {
    bytes = newBytes;
    start = newStart;
    end = newEnd;
    return this;
  }

  /** The array that the text is in. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where in {@link #bytes} it begins. */
  public int start() {
    return start;
  }

  /** Where in {@link #bytes} it ends. */
  public int end() {
    return end;
  }

  @Override
  public int length() {
    return end - start;
  }

  @Override
  public char charAt(int index) {
    return (char) (bytes[start + index] & 0xff);
  }

  @Override
  public CharSequence subSequence(int from, int to) {
    return new String(bytes, start + from, to - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }
}
