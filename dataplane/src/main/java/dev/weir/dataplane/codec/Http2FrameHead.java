package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/**
 * The nine bytes before a frame's payload (RFC 9113 4.1), and what each type of frame wants of
 * them. Used for one frame after the other; owned by the connection's event loop.
 */
final class Http2FrameHead {
  private int length;
  private int type;
  private int flags;
  private int id;

  /** Reads it from bytes that are there. */
  void read(ByteBuf in) {
    int word = in.readInt();
    length = word >>> 8;
    type = word & 0xff;
    flags = in.readUnsignedByte();
    id = in.readInt() & Http2Frame.MOST_WINDOW;
  }

  /** Bytes of payload. */
  int length() {
    return length;
  }

  /** One of {@link Http2Frame}, or an unknown one. */
  int type() {
    return type;
  }

  int flags() {
    return flags;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The stream; 0 for the connection. */
  int id() {
    return id;
  }

  /** Refuses what no connection can be in step after. */
  void check() throws Http2Fault {
    if (length > Http2Frame.MOST_PAYLOAD) {
      throw new Http2Fault(Http2Error.FRAME_SIZE_ERROR, "frame longer than allowed");
    }
    switch (type) {
      case Http2Frame.DATA, Http2Frame.HEADERS, Http2Frame.PRIORITY -> expectStream();
      case Http2Frame.RST_STREAM -> {
        expectStream();
        expectLength(Integer.BYTES);
      }
      case Http2Frame.WINDOW_UPDATE -> expectLength(Integer.BYTES);
      case Http2Frame.SETTINGS -> {
        expectNoStream();
        expectLength(has(Http2Frame.ACK) ? 0 : length / Http2Settings.SIZE * Http2Settings.SIZE);
      }
      case Http2Frame.PING -> {
        expectNoStream();
        expectLength(Long.BYTES);
      }
      case Http2Frame.GOAWAY -> {
        expectNoStream();
        expectLength(Math.max(length, 2 * Integer.BYTES));
      }
      case Http2Frame.PUSH_PROMISE ->
          throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE from a client");
      default -> {
        // CONTINUATION is checked with its head; unknown frames are ignored (RFC 9113 4.1).
      }
    }
  }

  private void expectStream() throws Http2Fault {
    if (id == 0) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "a frame of a stream without one");
    }
  }

  private void expectNoStream() throws Http2Fault {
    if (id != 0) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "a frame of the connection with a stream");
    }
  }

  private void expectLength(int wanted) throws Http2Fault {
    if (length != wanted) {
      throw new Http2Fault(Http2Error.FRAME_SIZE_ERROR, "frame of a wrong length");
    }
  }
}
