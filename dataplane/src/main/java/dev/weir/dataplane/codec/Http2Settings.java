package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/**
 * What the client's SETTINGS say (RFC 9113 6.5.2, RFC 8441 3). How large its table of fields is,
 * and how large heads it wants, makes no difference: our replies use no table, and their heads are
 * what backends make them. Owned by the connection's event loop.
 */
final class Http2Settings {
  private static final int ENABLE_PUSH = 2;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_FRAME_SIZE = 5;
  private static final int ENABLE_CONNECT_PROTOCOL = 8;
  private static final int LARGEST_FRAME = (1 << 24) - 1;

  /** Bytes of each setting. */
  static final int SIZE = 6;

  private int initialWindow = Http2Frame.USUAL_WINDOW;

  /** Reads one. */
  void read(ByteBuf in) throws Http2Fault {
    int name = in.readUnsignedShort();
    long value = in.readUnsignedInt();
    switch (name) {
      case ENABLE_PUSH, ENABLE_CONNECT_PROTOCOL -> {
        if (value > 1) {
          throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "a setting is neither 0 nor 1");
        }
      }
      case INITIAL_WINDOW_SIZE -> {
        if (value > Http2Frame.MOST_WINDOW) {
          throw new Http2Fault(Http2Error.FLOW_CONTROL_ERROR, "initial window too large");
        }
        initialWindow = (int) value;
      }
      case MAX_FRAME_SIZE -> {
        if (value < Http2Frame.MOST_PAYLOAD || value > LARGEST_FRAME) {
          throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "frame size out of range");
        }
      }
      default -> {
        // Unknown ones are ignored (RFC 9113 6.5.2).
      }
    }
  }

  /** Bytes of body that the client takes of a new stream before it says more. */
  int initialWindow() {
    return initialWindow;
  }
}
