package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;

/**
 * What is still to come of a request that is answered. It is thrown away, until the client has sent
 * all of it or gives it up, or for a second from when the reply left us; then the stream is reset
 * without error (RFC 9113 8.1). Together with the reply's last frame the reset would hide the
 * reply: clients that meet both while they send take the request for failed.
 *
 * <p>Made for such requests only. Owned by the connection's event loop; times by {@link
 * System#nanoTime}.
 */
final class Http2Rest {
  private final Http2ServerConnection connection;

  /** How far the connection's output has to be taken for the client to have the reply. */
  private final long replyEnd;

  private long until;

  /** From now on. */
  Http2Rest(Http2ServerConnection connection) {
    this.connection = connection;
    this.replyEnd = connection.parts().output().written();
    this.until = System.nanoTime() + BodyDiscard.NANOS;
    connection.watch(until);
  }

  /**
   * Resets the stream if it is time to.
   *
   * @return when to look again; 0 for never
   */
  long check(Http2ServerStream stream, long now) {
    if (until - now > 0) {
      return until;
    }
    if (connection.parts().output().taken() >= replyEnd) {
      connection.reset(stream, Http2Error.NO_ERROR);
      return 0;
    }
    // The reply waits for a slow network.
    until = now + BodyDiscard.NANOS;
    return until;
  }
}
