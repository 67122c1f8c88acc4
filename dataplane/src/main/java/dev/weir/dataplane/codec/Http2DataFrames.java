package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.Offence;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Takes the payload of DATA (RFC 9113 6.1) as it comes, without waiting for the frame's end, and
 * hands it to its stream; padding is thrown away. What comes of a stream in small pieces is handed
 * on when everything was read that is there.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2DataFrames {
  private final Http2ServerConnection connection;
  private final Http2FrameHead frame;

  /** What is left of the frame. */
  private int left;

  private int padding;
  private boolean paddingKnown;

  /** Who gets it; null for nobody. */
  private @Nullable Http2ServerStream receiver;

  /** Streams of which small pieces came with this read. */
  private final ArrayDeque<Http2ServerStream> small = new ArrayDeque<>(2);

  /**
   * Before the first frame.
   *
   * @param frame whose head was read last
   */
  Http2DataFrames(Http2ServerConnection connection, Http2FrameHead frame) {
    this.connection = connection;
    this.frame = frame;
  }

  /** The head of a frame of DATA was read; nobody gets its payload. */
  void begin() throws Http2Fault {
    connection.parts().credit().spend(frame.length());
    left = frame.length();
    padding = 0;
    paddingKnown = !frame.has(Http2Frame.PADDED);
    if (!paddingKnown && frame.length() == 0) {
      throw new Http2Fault(Http2Error.FRAME_SIZE_ERROR, "no room for the length of the padding");
    }
    receiver = null;
  }

  /** This stream gets it; false if it granted less than that. */
  boolean isFor(Http2ServerStream stream) {
    if (!stream.body().spend(frame.length())) {
      return false;
    }
    stream.onFrameBytes(Http2Frame.HEAD);
    receiver = stream;
    return true;
  }

  /** Takes what is there of the payload; false if that is nothing, and some is to come. */
  boolean read(ByteBuf in) throws Http2Fault {
    if (!paddingKnown) {
      if (!in.isReadable()) {
        return false;
      }
      readPadding(in);
    }
    int size = Math.min(left, in.readableBytes());
    int skipped = Math.min(padding, in.readableBytes() - size);
    if (size + skipped == 0 && left + padding > 0) {
      return false;
    }
    left -= size;
    padding -= skipped;
    var to = receiver;
    if (whole()) {
      receiver = null;
    }
    // The stream may have ended since the frame began.
    if (to == null || connection.streams().get(frame.id()) != to) {
      in.skipBytes(size + skipped);
    } else {
      int end = in.readerIndex() + size + skipped;
      boolean good = to.onData(in, size, whole() && frame.has(Http2Frame.END_STREAM));
      in.readerIndex(end);
      if (!good) {
        connection.events().oddity(Offence.RESET_BY_US);
      }
    }
    connection.parts().credit().grant();
    return true;
  }

  private void readPadding(ByteBuf in) throws Http2Fault {
    padding = in.readUnsignedByte();
    paddingKnown = true;
    left -= padding + 1;
    if (left == 0 && !frame.has(Http2Frame.END_STREAM)) {
      connection.events().oddity(Offence.EMPTY_DATA);
    }
    if (left < 0) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "more padding than payload");
    }
    if (receiver != null) {
      receiver.body().grant(padding + 1);
    }
  }

  /** Whether all of the frame was read. */
  boolean whole() {
    return left + padding == 0;
  }

  /** What came of a stream is little, and more of it may follow. */
  void gather(Http2ServerStream stream) {
    if (small.peekLast() != stream) {
      small.add(stream);
    }
  }

  /** Nothing more is there for now. */
  void deliver() {
    for (var stream = small.poll(); stream != null; stream = small.poll()) {
      stream.deliver();
    }
  }
}
