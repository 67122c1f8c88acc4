package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;

/**
 * The one place that everything passes which a client of HTTP/2 may do too often: every frame that
 * it sends, when its head is read and before its payload is there, and every oddity. What they cost
 * is charged here; both calls may end the connection, because both come from inside of the reading
 * of a frame, before anything was done about it.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2FrameEvents {
  /** CONTINUATION frames of one head (hardening.md 1.2). */
  static final int MOST_CONTINUATIONS = 8;

  /** What is no usual way to use a connection. */
  enum Oddity {
    /** DATA without payload that ends nothing. */
    EMPTY_DATA,
    /** The client reset a stream whose reply was not complete. */
    RESET_BY_CLIENT,
    /** The client broke a rule so that we had to reset a stream. */
    RESET_BY_US,
    /** More streams at once than were allowed. */
    TOO_MANY_STREAMS,
    /** A frame of a stream that is over. */
    LATE_FRAME,
    /** A head that changes the size of the table of fields. */
    TABLE_RESIZED,
    /** A request that is malformed. */
    MALFORMED,
    /** A stream, or the connection, was stalled for so long that it was given up. */
    STALLED
  }

  private int continuations;

  /**
   * The head of a frame was read.
   *
   * @param type of {@link Http2Frame}, or an unknown one
   * @param length of the payload
   */
  void frame(int type, int flags, int streamId, int length) throws Http2Fault {
    if (type != Http2Frame.CONTINUATION) {
      continuations = 0;
    } else if (++continuations > MOST_CONTINUATIONS) {
      throw new Http2Fault(
          Http2Error.ENHANCE_YOUR_CALM, "more than " + MOST_CONTINUATIONS + " CONTINUATION frames");
    }
  }

  /** Something odd happened. */
  void oddity(Oddity what) throws Http2Fault {
    // Nothing is charged yet.
  }
}
