package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;

/**
 * One request of a client and the way to answer it, whatever the protocol version.
 *
 * <p>Owned by the connection's event loop. After {@code end}, {@link #reset} or the listener's
 * {@code onReset} nothing follows, and further calls have no effect (bodies are released).
 */
public interface ServerStream extends ReplyRoom {
  /** What is known of the connection. */
  Downstream downstream();

  /** Sends a 1xx other than 100 and 101; left out for HTTP/1.0 clients. */
  void sendInformational(ReplyHead head);

  /**
   * Sends the final head. Hop-by-hop fields of {@code head} are left out and the framing is written
   * anew. With 101 both directions are raw bytes from here on.
   *
   * @param end whether no body follows
   * @throws IllegalArgumentException if an edit can't stand in a reply; nothing was sent then, and
   *     another head may be
   */
  void sendHead(ReplyHead head, HeadEdits edits, boolean end);

  /**
   * Fields that follow the body, where the client and its protocol take such; before the end is
   * sent. Hop-by-hop fields are left out.
   */
  default void sendTrailers(Fields trailers) {}

  /** Sends a piece of body and takes over {@code data}'s reference; {@code end} after the last. */
  void sendBody(ByteBuf data, boolean end);

  /**
   * Whether more body may be sent now; {@link ServerStreamListener#onWritable} tells of a change.
   */
  boolean writable();

  /**
   * Whether the connection may hold so many bytes of the request more, for its exchange; if so,
   * they count until {@link #letGo}.
   */
  boolean hold(int bytes);

  /** So many bytes that {@link #hold} allowed are held no more; the stream may be over. */
  void letGo(int bytes);

  /**
   * The exchange holds so many bytes of its reply's head besides what it sends; negative as soon as
   * it doesn't, which is when the head is written. The stream may be over.
   */
  void holdsHead(int bytes);

  /**
   * The exchange keeps so many bytes of its reply's body before it sends them; negative as soon as
   * it doesn't. The stream may be over.
   */
  void keeps(int bytes);

  /**
   * Asks for the next piece of the request's body; at most one read is under way. A client that
   * waits for {@code 100 Continue} gets it now.
   */
  void read();

  /** The connection ends with this reply; before {@link #sendHead}. */
  void closeAfterReply();

  /** Gives up in the middle of a reply: the client must see that it is incomplete. */
  void reset();

  /** Bytes of request received so far, head included. */
  long bytesReceived();

  /** Bytes of reply sent so far, head included. */
  long bytesSent();

  /** Bytes of heads sent so far. */
  long headBytesSent();

  /** A number that no other connection of this process has. */
  long connectionNumber();

  /** How many requests the connection carried so far, this one included. */
  int connectionRequests();
}
