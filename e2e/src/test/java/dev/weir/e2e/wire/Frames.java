package dev.weir.e2e.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** WebSocket frames of short texts (RFC 6455 5.2). */
public final class Frames {
  private static final byte[] MASK = {1, 2, 3, 4};
  private static final int TEXT = 0x81;

  private Frames() {}

  /** A client's frame. */
  public static byte[] masked(String text) {
    var payload = text.getBytes(StandardCharsets.UTF_8);
    var frame = begin(payload.length, 0x80);
    frame.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i % 4]);
    }
    return frame.toByteArray();
  }

  /** A server's frame. */
  public static byte[] plain(String text) {
    var payload = text.getBytes(StandardCharsets.UTF_8);
    var frame = begin(payload.length, 0);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static ByteArrayOutputStream begin(int length, int maskBit) {
    if (length > 125) {
      throw new IllegalArgumentException("too long for a short frame: " + length);
    }
    var frame = new ByteArrayOutputStream();
    frame.write(TEXT);
    frame.write(maskBit | length);
    return frame;
  }

  /** Gives so many bytes. */
  public interface Source {
    byte[] bytes(int count) throws IOException;
  }

  /** Reads one frame of either side. */
  public static String read(Source source) throws IOException {
    var start = source.bytes(2);
    if (start.length < 2) {
      throw new EOFException("no further frame");
    }
    if ((start[0] & 0xff) != TEXT) {
      throw new IOException("no text frame: " + start[0]);
    }
    boolean masked = (start[1] & 0x80) != 0;
    var mask = masked ? source.bytes(4) : new byte[4];
    var payload = source.bytes(start[1] & 0x7f);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** The answer to a {@code Sec-WebSocket-Key} (RFC 6455 4.2.2). */
  public static String accept(String key) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
