package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * One request on an {@link Http2ServerConnection}. It is open from its HEADERS on until both sides
 * said all, or one of them reset it; {@link Http2Rest} tells of replies that end before their
 * requests.
 *
 * <p>Its window is granted again only as its body is taken: what waits here is never more than one
 * window. Made anew for each request. Owned by the connection's event loop.
 */
final class Http2ServerStream implements ServerStream {
  private static final int SWITCHING = 101;

  /** Smaller pieces are handed on together with what else one read of the socket brings. */
  private static final int GATHER_BELOW = 1024;

  private final Http2ServerConnection connection;
  private final int id;
  private final int number;
  private final Http2Body body;
  private final Http2Outbound outbound;
  private int headCharge;
  private @Nullable ServerStreamListener listener;
  private @Nullable ReceivedRequest awaited;
  private boolean headRequest;
  private boolean awaitsContinue;
  private boolean takesTrailers;
  private boolean headSent;
  private boolean raw;

  /** The exchange has nothing more to say. */
  private boolean ended;

  /** No frame of the stream follows, and none is expected. */
  private boolean closed;

  /** In place of any reply. */
  private @Nullable Http2Error resetsWith;

  private long received;
  private long sent;
  private long headSentBytes;

  /** Bytes of the reply's body that the exchange keeps before they are sent. */
  private int kept;

  /** What is to come of a request that is answered; null for one that isn't. */
  private @Nullable Http2Rest rest;

  /**
   * Opens.
   *
   * @param number of the request on its connection
   * @param window bytes of a reply's body that the client takes
   * @param headBytes of the frames that the head came in
   * @param headCharge what the head costs in memory
   */
  Http2ServerStream(
      Http2ServerConnection connection,
      int id,
      int number,
      int window,
      int headBytes,
      int headCharge) {
    this.connection = connection;
    this.id = id;
    this.number = number;
    this.outbound = new Http2Outbound(window);
    this.body = new Http2Body(connection, id);
    this.received = headBytes;
    this.headCharge = headCharge;
  }

  int id() {
    return id;
  }

  Http2Outbound outbound() {
    return outbound;
  }

  Http2Body body() {
    return body;
  }

  /** What the head costs in memory, which the caller now lets go of. */
  int takeHeadCharge() {
    int charge = headCharge;
    headCharge = 0;
    return charge;
  }

  /** The request's head is there; no body follows if {@code end}. */
  void head(RequestHead head, boolean end) {
    headRequest = head.method().equals("HEAD");
    awaitsContinue = head.expectsContinue() && !end;
    takesTrailers = TrailerTakers.include(head);
    body.begin(head, end);
  }

  /**
   * What came is no request that is served; it is answered, or reset if {@code code} is there.
   *
   * @param asksForHead whether its method is HEAD, so that the answer has no body
   */
  void refused(@Nullable Http2Error code, boolean asksForHead, boolean end) {
    resetsWith = code;
    headRequest = asksForHead;
    body.drop(end);
  }

  /** The request waits to be handed on. */
  void await(ReceivedRequest request) {
    awaited = request;
  }

  /** Whether the request waits to be handed on. */
  boolean waits() {
    return awaited != null;
  }

  /** The request that waits, which goes to the caller; null if none does. */
  @Nullable ReceivedRequest awaited() {
    var request = awaited;
    awaited = null;
    return request;
  }

  /** The exchange is there. */
  void begin(ServerStreamListener newListener) {
    // It may have answered at once, and nobody is called any more then.
    listener = ended ? null : newListener;
    deliver();
  }

  // From the connection.

  /** Bytes of body, in the buffer that they were received in; false if the stream was reset. */
  boolean onData(ByteBuf in, int size, boolean end) {
    received += size;
    if (!body.receive(in, size, end)) {
      refuse(Http2Error.PROTOCOL_ERROR, new Refusal(400, "body is not as long as announced"));
      return false;
    }
    if (end || size >= GATHER_BELOW) {
      deliver();
    } else {
      connection.parts().inbound().gather(this);
    }
    return true;
  }

  /** Fields behind the body, which end it; false if the stream was reset. */
  boolean onTrailers(boolean good) {
    if (!good || !body.end()) {
      refuse(Http2Error.PROTOCOL_ERROR, new Refusal(400, "trailers, or a body cut short by them"));
      return false;
    }
    deliver();
    return true;
  }

  /** The reply is written, and more of the request is to come. */
  void linger() {
    listener = null;
    body.allowRest();
    rest = Http2Rest.of(connection);
  }

  /** Whether the request is answered. */
  boolean answered() {
    return rest != null;
  }

  /** Whether the reply may come to its end without another frame of the client. */
  boolean endsByItself() {
    return awaited == null && rest == null && body.ended() && outbound.window > 0;
  }

  /** What is to come of a request that is answered; null for one that isn't. */
  @Nullable Http2Rest rest() {
    return rest;
  }

  /** Frames of the stream besides its head and body. */
  void onFrameBytes(int bytes) {
    received += bytes;
  }

  /** Hands on what waits, if it is wanted. */
  void deliver() {
    var current = listener;
    if (current == null) {
      if (rest != null && body.ended() && !closed) {
        connection.onRestCame(this);
      }
      return;
    }
    try {
      while (!ended && body.canDeliver()) {
        var piece = body.take();
        current.onBody(piece, body.taken());
      }
    } catch (RuntimeException e) {
      connection.requests().broke(this, e);
    }
  }

  /**
   * The request is not as it should be.
   *
   * @param code in place of a reply; null if it is answered
   */
  private void refuse(@Nullable Http2Error code, Refusal refusal) {
    resetsWith = code;
    body.drop(body.ended());
    var current = listener;
    if (current != null && !ended) {
      connection.requests().guard(this, () -> current.onBodyRefused(refusal));
    }
    if (code != null && !closed) {
      connection.reset(this, code);
    }
  }

  void onWritable() {
    outbound.moves(true);
    var current = listener;
    if (current != null && !ended) {
      connection.requests().guard(this, current::onWritable);
    }
  }

  /** The client took some of what waits: it has as long again for the rest. */
  void onProgress() {
    outbound.moves(outbound.isEmpty() && !outbound.awaited);
  }

  /** The reply's last frame is written. */
  void onWritten() {
    if (!closed) {
      connection.onReplyWritten(this);
    }
  }

  /** The stream is over, whoever ended it; called once. */
  void onClosed() {
    closed = true;
    body.close();
    var request = awaited();
    if (request != null) {
      ended = true;
      connection.requests().gaveUp(this, request);
    }
    var current = listener;
    listener = null;
    if (current != null && !ended) {
      ended = true;
      connection.requests().guard(this, current::onReset);
    }
    ended = true;
  }

  /** The client took too long over the next piece of the body. */
  void bodyTookTooLong() {
    refuse(null, new Refusal(408, "body took too long"));
  }

  // From the exchange.

  @Override
  public Downstream downstream() {
    return connection.downstream();
  }

  @Override
  public void sendInformational(ReplyHead informational) {
    if (!ended && !headSent && resetsWith == null && informational.status() != SWITCHING) {
      sent +=
          connection
              .parts()
              .heads()
              .write(this, informational, new HeadEdits(), Http2HeadWriter.NO_LENGTH, false);
    }
  }

  @Override
  public void sendHead(ReplyHead reply, HeadEdits edits, boolean end) {
    if (ended || headSent) {
      return;
    }
    var instead = resetsWith;
    if (instead != null) {
      ended = true;
      connection.reset(this, instead);
      return;
    }
    int status = reply.status();
    raw = status == SWITCHING;
    long length = outbound.begin(status, headRequest, reply.bodyLength());
    boolean last = end || outbound.bodyless();
    sent += connection.parts().heads().write(this, reply, edits, length, last);
    headSent = true;
    headSentBytes = sent;
    if (raw) {
      body.goRaw();
    }
    if (end) {
      finish();
    }
  }

  /** All is written that there will be. */
  private void finish() {
    endExchange();
    onWritten();
  }

  /** Nobody is there any more for what the client has yet to send. */
  private void endExchange() {
    ended = true;
    body.drop(body.ended());
  }

  @Override
  public void sendTrailers(Fields trailers) {
    if (takesTrailers
        && !ended
        && headSent
        && !outbound.bodyless()
        && !raw
        && trailers.size() > 0) {
      int before = outbound.held();
      outbound.trailers(connection.parts().heads().pack(trailers));
      connection.held().queue(outbound.held() - before);
    }
  }

  void writeTrailers() {
    var block = outbound.takeTrailers();
    if (block != null) {
      connection.held().sent(block.readableBytes());
      sent += connection.parts().heads().writeLast(id, block);
      headSentBytes = sent;
      block.release();
    }
  }

  @Override
  public void sendBody(ByteBuf data, boolean end) {
    if (ended || !headSent || outbound.bodyless()) {
      data.release();
      if (end && !ended && headSent) {
        finish();
      }
      return;
    }
    int size = data.readableBytes();
    if (!outbound.fits(size, end)) {
      data.release();
      reset();
      return;
    }
    int frames = Http2Frame.HEAD * ((size + Http2Frame.MOST_PAYLOAD - 1) / Http2Frame.MOST_PAYLOAD);
    sent += size + frames;
    headSentBytes += frames;
    if (end) {
      endExchange();
    }
    connection.parts().sender().send(this, data, end);
    if (!outbound.isEmpty()) {
      onStall();
    }
  }

  /** The client doesn't take what there is; for how long is looked at later. */
  private void onStall() {
    connection.backlog().onStall();
    if (outbound.stalls()) {
      connection.watch(outbound.stalledAt() + connection.limits().send());
    }
  }

  @Override
  public boolean writable() {
    if (closed || ended) {
      return false;
    }
    var sender = connection.parts().sender();
    // What the exchange keeps takes no more room when it is sent.
    boolean open = kept > 0 ? sender.flows() : sender.open();
    boolean now = outbound.isEmpty() && outbound.window > 0 && open;
    if (!now) {
      sender.await(this);
      onStall();
    }
    return now;
  }

  @Override
  public int room(boolean part) {
    return connection.parts().sender().room(this, part);
  }

  @Override
  public ReplyParts parts() {
    return connection.parts().sender().gatherings();
  }

  @Override
  public boolean hold(int bytes) {
    return connection.held().tryCopy(bytes);
  }

  @Override
  public void letGo(int bytes) {
    connection.held().release(bytes);
    body.settleSoon();
  }

  @Override
  public void keeps(int bytes) {
    kept += bytes;
    connection.held().keep(bytes);
    if (bytes < 0 && !connection.ending()) {
      connection.parts().sender().onReleaseLater();
    }
  }

  @Override
  public void holdsHead(int bytes) {
    connection.held().heads(bytes);
    if (bytes < 0 && !connection.ending()) {
      connection.parts().sender().onReleaseLater();
    }
  }

  @Override
  public void read() {
    if (ended) {
      return;
    }
    if (awaitsContinue && !headSent) {
      awaitsContinue = false;
      if (body.nothingReceived()) {
        sent += connection.parts().heads().writeContinue(id);
      }
    }
    body.want(raw);
    deliver();
  }

  @Override
  public void closeAfterReply() {
    // What is wrong with one request is no matter of the connection's.
  }

  @Override
  public void reset() {
    if (!ended) {
      ended = true;
      var code = resetsWith;
      connection.reset(this, code == null ? Http2Error.INTERNAL_ERROR : code);
    }
  }

  @Override
  public long bytesReceived() {
    return received;
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public long headBytesSent() {
    return headSentBytes;
  }

  @Override
  public long connectionNumber() {
    return connection.counts().number();
  }

  @Override
  public int connectionRequests() {
    return number;
  }
}
