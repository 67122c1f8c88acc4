package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;

/**
 * What is still to come of a request that is answered. It is thrown away, until the client has sent
 * all of it or gives it up; or for a second, and after that until the client is known to have read
 * the reply ({@link Http2Arrivals}), but no longer than a client may take nothing of a reply; then
 * the stream is reset without error (RFC 9113 8.1). Together with the reply's last frame the reset
 * would hide the reply: clients that meet both while they send take the request for failed.
 *
 * <p>Made for such requests only. Owned by the connection's event loop; times by {@link
 * System#nanoTime}.
 */
final class Http2Rest {
  /** How far the client has to have read the connection's output to have the reply. */
  private final long replyEnd;

  private final long begun;
  private long until;

  Http2Rest(long replyEnd, long now) {
    this.replyEnd = replyEnd;
    this.begun = now;
    this.until = now + BodyDiscard.NANOS;
  }

  /** From now on, for a reply that is written. */
  static Http2Rest of(Http2ServerConnection connection) {
    var rest = new Http2Rest(connection.parts().output().written(), System.nanoTime());
    connection.watch(rest.until);
    return rest;
  }

  /**
   * Resets the stream if it is time to.
   *
   * @return when to look again; 0 for never
   */
  long check(Http2ServerConnection connection, Http2ServerStream stream, long now) {
    if (until - now > 0) {
      return until;
    }
    if (over(now, connection.parts().arrivals().has(replyEnd), connection.limits().send())) {
      connection.reset(stream, Http2Error.NO_ERROR);
      return 0;
    }
    return until;
  }

  /**
   * Whether nothing more is waited for.
   *
   * @param arrived whether the client has the reply
   * @param most how long to wait for a client that doesn't say so
   */
  boolean over(long now, boolean arrived, long most) {
    if (until - now > 0) {
      return false;
    }
    if (arrived || now - begun >= most) {
      return true;
    }
    until = now + BodyDiscard.NANOS;
    return false;
  }
}
