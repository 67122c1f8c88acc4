package dev.weir.dataplane.upstream;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import io.netty.buffer.ByteBuf;

/**
 * One request to one endpoint and its reply; what a pool hands out in place of a connection.
 *
 * <p>Owned by one event loop: every call, and every call of its {@link UpstreamStreamListener},
 * happens there. After the listener's {@code end} or {@code onFailure} nothing follows, and further
 * calls do nothing but release what they are given; the reply may be complete before the request
 * is.
 */
public interface UpstreamStream {
  Endpoint endpoint();

  /** Whether the connection carried a request before: decides whether a failure may be retried. */
  boolean reused();

  /**
   * Allows the reply a larger head than usual; before {@link #sendHead}.
   *
   * @param bytes 0 for as usual
   */
  void allowReplyHead(int bytes);

  /**
   * Sends the head, once, and asks for the first piece of the reply. The framing of the body
   * follows from {@link RequestHead#bodyLength}; hop-by-hop fields are left out.
   *
   * @param end whether the request has no body
   * @throws IllegalArgumentException if an edit can't stand in a head; the stream is then given up
   *     and nothing was sent
   */
  void sendHead(RequestHead head, HeadEdits edits, boolean end);

  /**
   * Sends a piece of body and takes over {@code data}'s reference; {@code end} after the last.
   * After a reply 101 these are the raw bytes of the upgraded connection, and {@code end} closes
   * its sending side.
   *
   * @throws IllegalStateException if it is more or less than announced; the connection is then
   *     closed
   */
  void sendBody(ByteBuf data, boolean end);

  /**
   * Whether more body may be sent now; {@link UpstreamStreamListener#onWritable} tells of a change.
   */
  boolean writable();

  /**
   * Asks for the next piece of the reply; at most one read is under way. A read may bring several
   * calls of the listener (up to 64 KiB together); 1xx replies don't use it up.
   */
  void read();

  /**
   * Gives up: nothing more arrives at the listener, the connection is closed unless nothing was
   * sent on it or the protocol can cancel a single stream.
   */
  void cancel();
}
