package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.telemetry.Offence;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes streams of heads and hands their requests on, in a connection's bounds: a head that doesn't
 * fit into the {@link ByteAccount} is refused unread, so that the client may ask again; and before
 * a first reply, and while the client is one that cancels, requests beyond what may be in flight
 * ({@link AbuseBudget#admits}) wait in their order until others are over or the cancelled ones are
 * forgotten.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Requests implements Http2FrameEvents.Client {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Requests.class);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** In the log, as nginx has it. */
  private static final int CLIENT_LEFT = 499;

  private static final int HEAD_TOO_LARGE = 431;

  private final Http2ServerConnection connection;
  private final RequestHandler handler;
  private final Http2HeadReader reader;
  private final ArrayDeque<Http2ServerStream> waiting = new ArrayDeque<>(0);

  Http2Requests(Http2ServerConnection connection, RequestHandler handler, Http2HeadReader reader) {
    this.connection = connection;
    this.handler = handler;
    this.reader = reader;
  }

  /**
   * A stream begins with a block of fields.
   *
   * @param bytes of its frames
   */
  void onHead(int id, ByteBuf block, boolean end, int bytes) throws Http2Fault {
    var head = reader.read(block, end, connection.limits().fields());
    connection.streams().limitFor(reader.charge());
    if (!connection.held().tryHold(reader.charge())) {
      if (head != null) {
        head.release();
      }
      connection.refuse(id, Http2Error.REFUSED_STREAM);
      connection.events().refused();
      return;
    }
    var stream = connection.open(id, bytes, reader.charge());
    if (head != null) {
      stream.head(head, end);
      if (waiting.isEmpty() && admits(connection.streams().size() - 1)) {
        begin(stream, head);
      } else {
        waiting.add(stream);
        stream.await(head);
        connection.watch(System.nanoTime() + AGAIN_NANOS);
      }
      return;
    }
    boolean malformed = reader.malformed();
    stream.refused(malformed ? Http2Error.PROTOCOL_ERROR : null, reader.asksForHead(), end);
    guard(stream, () -> handler.onRefused(stream, reader.refusal(), reader.refusedLine()));
    if (malformed) {
      connection.events().oddity(Offence.MALFORMED);
    } else if (reader.refusal().status() == HEAD_TOO_LARGE) {
      connection.events().oddity(Offence.HEAD_TOO_LARGE);
    }
  }

  /**
   * Whether one more may be handed on. A client without a first reply may not know yet how few it
   * may have in flight: what it sends beyond that waits.
   */
  private boolean admits(int inFlight) {
    boolean few = connection.held().trusted() || inFlight < Http2Streams.FIRST;
    return few && connection.events().admits(inFlight);
  }

  private void begin(Http2ServerStream stream, ReceivedRequest head) {
    try {
      stream.begin(handler.onRequest(stream, head));
    } catch (RuntimeException e) {
      broke(stream, e);
    }
  }

  /** Calls what belongs to one request: a defect there ends no other. */
  void guard(Http2ServerStream stream, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      broke(stream, e);
    }
  }

  /** A defect of ours ends this request. */
  void broke(Http2ServerStream stream, RuntimeException defect) {
    LOG.error("A request that came by HTTP/2 is reset because of a defect", defect);
    connection.reset(stream, Http2Error.INTERNAL_ERROR);
  }

  /** Something is over: hands on what waits, as far as it may be. */
  void handOn() {
    while (!waiting.isEmpty() && admits(connection.streams().size() - waiting.size())) {
      var stream = waiting.remove();
      var head = stream.awaited();
      if (head != null) {
        begin(stream, head);
      }
    }
  }

  /**
   * Looks again whether a stream may go on.
   *
   * @return when to look again; 0 if it doesn't wait any more
   */
  long retry(Http2ServerStream stream, long now) {
    handOn();
    return waiting.contains(stream) ? now + AGAIN_NANOS : 0;
  }

  /** The client takes nothing of a reply for too long. */
  void onStalled(Http2ServerStream stream) {
    connection.reset(stream, Http2Error.CANCEL);
    if (connection.ending()) {
      return;
    }
    try {
      connection.events().oddity(Offence.STALLED);
    } catch (Http2Fault e) {
      connection.fail(e);
    }
  }

  @Override
  public String address() {
    return connection.downstream().addressText();
  }

  @Override
  public void askToLeave() {
    connection.leave(Http2Error.ENHANCE_YOUR_CALM);
  }

  @Override
  public int unreadAnswers() {
    return connection.parts().frames().unread();
  }

  /** A stream that was waiting is over: it is logged as one whose client has left. */
  void gaveUp(Http2ServerStream stream, ReceivedRequest head) {
    var _ = waiting.remove(stream);
    handler.onRefused(
        stream, new Refusal(CLIENT_LEFT, "cancelled before it was served"), head.lineText());
    head.release();
  }
}
