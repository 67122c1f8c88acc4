package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;

/**
 * What is still to come of a request that is answered. It is thrown away, until the client has sent
 * all of it or gives it up, or for a second from when the reply left us, but no longer than a
 * client may take nothing of a reply; then the stream is reset without error (RFC 9113 8.1).
 * Together with the reply's last frame the reset would hide the reply: clients that meet both while
 * they send take the request for failed.
 *
 * <p>Made for such requests only. Owned by the connection's event loop; times by {@link
 * System#nanoTime}.
 */
final class Http2Rest {
  /** How far the connection's output has to be taken for the client to have the reply. */
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
    if (over(now, connection.parts().output().taken(), connection.limits().send())) {
      connection.reset(stream, Http2Error.NO_ERROR);
      return 0;
    }
    return until;
  }

  /**
   * Whether nothing more is waited for.
   *
   * @param taken how far the connection's output was taken
   * @param most how long to wait for a client that takes nothing
   */
  boolean over(long now, long taken, long most) {
    if (until - now > 0) {
      return false;
    }
    if (taken >= replyEnd || now - begun >= most) {
      return true;
    }
    // The reply waits for a slow network.
    until = now + BodyDiscard.NANOS;
    return false;
  }
}
