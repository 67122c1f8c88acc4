package dev.weir.dataplane.upstream;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import io.netty.buffer.ByteBuf;

/**
 * One request to one endpoint and its reply; what a pool hands out in place of a connection.
 *
 * <p>Owned by one event loop: every call, and every call of its {@link UpstreamStreamListener},
 * happens there. After the listener's {@code onComplete} or {@code onFailure} nothing follows.
 */
public interface UpstreamStream {
  Endpoint endpoint();

  /** Whether the connection carried a request before: decides whether a failure may be retried. */
  boolean reused();

  /**
   * Sends the head. The framing of the body follows from {@link RequestHead#bodyLength}.
   *
   * @param end whether the request has no body
   */
  void sendHead(RequestHead head, HeadEdits edits, boolean end);

  /** Sends a piece of body and takes over {@code data}'s reference; {@code end} after the last. */
  void sendBody(ByteBuf data, boolean end);

  /**
   * Whether more body may be sent now; {@link UpstreamStreamListener#onWritable} tells of a change.
   */
  boolean writable();

  /** Asks for the next piece of the reply; at most one read is under way. */
  void read();

  /**
   * Gives up: nothing more arrives at the listener, the connection is closed unless the protocol
   * can cancel a single stream.
   */
  void cancel();
}
