package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * Throws the rest of a body away that nobody wants any more, so that the connection can carry the
 * next request; not much and not for long. Owned by the connection's event loop.
 */
final class BodyDiscard {
  /** How much is read to keep a connection. */
  static final int MOST = 64 * 1024;

  /** How long it may take. */
  static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private int read;

  /** How far it came. */
  enum Progress {
    /** Bytes are missing. */
    WAITS,
    /** There is more to read. */
    GOES_ON,
    DONE,
    /** The body is malformed, or too much: the connection ends. */
    GIVEN_UP
  }

  void start() {
    read = 0;
  }

  Progress next(Http1BodyReader body, ByteBuf in, ServerOutput output) {
    int before = in.readableBytes();
    var piece = body.read(in, output);
    if (piece != null) {
      piece.release();
    }
    read += before - in.readableBytes();
    if (body.refusal() != null || read > MOST) {
      return Progress.GIVEN_UP;
    }
    if (body.done()) {
      return Progress.DONE;
    }
    return piece == null ? Progress.WAITS : Progress.GOES_ON;
  }
}
