package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The bytes that a connection of HTTP/2 begins with (RFC 9113 3.4). */
public final class Http2Preface {
  private static final byte[] BYTES =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What some bytes are the beginning of. */
  public enum Answer {
    YES,
    NO,
    /** Yes, as far as they go. */
    PERHAPS
  }

  private Http2Preface() {}

  static byte[] bytes() {
    return BYTES.clone();
  }

  /** Whether a connection that begins with these bytes speaks HTTP/2. */
  public static Answer begins(ByteBuf received) {
    int there = Math.min(received.readableBytes(), BYTES.length);
    for (int i = 0; i < there; i++) {
      if (received.getByte(received.readerIndex() + i) != BYTES[i]) {
        return Answer.NO;
      }
    }
    return there == BYTES.length ? Answer.YES : Answer.PERHAPS;
  }
}
