package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.telemetry.Offence;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes streams of heads and hands their requests on, in a connection's bounds: a head that doesn't
 * fit into the {@link ByteAccount}, and isn't left unread by the {@link Http2Backlog}, is refused
 * unserved, so that the client may ask again; and before a first reply, and while the client is one
 * that cancels, requests beyond what may be in flight ({@link AbuseBudget#admits}) wait in their
 * order until others are over or the cancelled ones are forgotten. Where the first ones last, the
 * others don't wait for their end; and one that waits with a part of its body goes on before that
 * takes the room of those in flight.
 *
 * <p>So before a first reply is complete there are at most {@link Http2Streams#FIRST} in flight for
 * five seconds, and then as many as were sent before the client knew better, at most {@link
 * Http2Streams#UNTOLD}: a client that waits for all it asked for (long polls, streams of events)
 * would otherwise get none of the later ones, or lose them. The bytes that they hold are bounded by
 * the account's first limit all the while, and who knows better is held to twenty.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Requests implements Http2FrameEvents.Client {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Requests.class);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long requests wait for a first reply: then those in flight are of a kind that lasts. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** In the log, as nginx has it. */
  private static final int CLIENT_LEFT = 499;

  private static final int HEAD_TOO_LARGE = 431;

  private final Http2ServerConnection connection;
  private final RequestHandler handler;
  private final Http2HeadReader reader;
  private final ArrayDeque<Http2ServerStream> waiting = new ArrayDeque<>(0);

  /** Since when there is something that waits, by {@link System#nanoTime}. */
  private long waitsSince;

  private boolean makesRoom;

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
    // Of a head that is refused nothing is kept.
    int charge = head == null ? 0 : reader.charge();
    connection.streams().limitFor(charge);
    connection.backlog().charged(charge);
    if (head != null && !connection.held().tryHold(charge)) {
      head.release();
      connection.refuse(id, Http2Error.REFUSED_STREAM);
      connection.events().refused();
      return;
    }
    var stream = connection.open(id, bytes, charge);
    if (head != null) {
      stream.head(head, end);
      if (waiting.isEmpty() && admits(connection.streams().size() - 1)) {
        begin(stream, head);
      } else {
        long now = System.nanoTime();
        waitsSince = waiting.isEmpty() ? now : waitsSince;
        waiting.add(stream);
        stream.await(head);
        connection.watch(now + AGAIN_NANOS);
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
    boolean few = connection.held().trusted() || inFlight < Http2Streams.FIRST || patienceIsOver();
    return few && connection.events().admits(inFlight);
  }

  private boolean patienceIsOver() {
    return !waiting.isEmpty() && System.nanoTime() - waitsSince >= PATIENCE_NANOS;
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
   * There is no room for more of any body, and part of it may be taken by bodies of requests that
   * wait. Those in flight would wait for room until they are given up, so the oldest one that holds
   * some goes on, or is refused, unseen by any backend, where none may.
   */
  void makeRoom() {
    if (makesRoom || waiting.isEmpty()) {
      return;
    }
    makesRoom = true;
    try {
      var stream = oldestWithBody();
      if (stream == null) {
        return;
      }
      if (!connection.events().admits(connection.streams().size() - waiting.size())) {
        connection.reset(stream, Http2Error.REFUSED_STREAM);
        return;
      }
      var _ = waiting.remove(stream);
      var head = stream.awaited();
      if (head != null) {
        begin(stream, head);
      }
    } finally {
      makesRoom = false;
    }
  }

  private @Nullable Http2ServerStream oldestWithBody() {
    for (var stream : waiting) {
      if (stream.body().holdsSome()) {
        return stream;
      }
    }
    return null;
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
