package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import dev.weir.dataplane.telemetry.ConnectionMetrics.State;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/1: reads one request at a time, and the next one only when
 * the former is answered and the client takes replies, so that pipelined requests are answered in
 * order and wait as bytes.
 *
 * <p>Reading goes on while a request is in progress (that is how a client's leaving is noticed)
 * until too many bytes wait; then the socket is left alone until they are taken.
 *
 * <p>Owned by its event loop.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
    implements ServerConnection {
  private final Downstream downstream;
  private final Supplier<ServerLimits> limits;
  private final RequestHandler handler;
  private final ConnectionCounts counts;
  private final Http1HeadReader headReader;
  private final Http1RequestBody body;
  private final Http1ReplyWriter replyWriter = new Http1ReplyWriter();
  private final Http1KeepAlive keepAlive = new Http1KeepAlive();
  private final Lingering lingering = new Lingering();
  private final ReceivedBytes received = new ReceivedBytes();
  private final LazyTimer readTimer;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ServerOutput output;
  private final Http1ServerStream onlyStream = new Http1ServerStream(this);

  /** The only stream while a request is in progress. */
  private @Nullable Http1ServerStream stream;

  private Inbound inbound = Inbound.HEAD;
  private boolean running;
  private @Nullable Refusal refuseAll;

  /** One with heads of its own. */
  public Http1ServerConnection(
      Downstream downstream,
      Supplier<ServerLimits> limits,
      RequestHandler handler,
      ConnectionMetrics metrics) {
    this(downstream, limits, handler, new ConnectionCounts(metrics), new SpareHeads());
  }

  /**
   * Before it is added to a pipeline.
   *
   * @param counts may have been told already that the connection is there
   * @param spares of the connection's loop
   */
  public Http1ServerConnection(
      Downstream downstream,
      Supplier<ServerLimits> limits,
      RequestHandler handler,
      ConnectionCounts counts,
      SpareHeads spares) {
    this.headReader = new Http1HeadReader(spares);
    this.downstream = downstream;
    this.limits = limits;
    this.handler = handler;
    this.counts = counts;
    this.readTimer = new LazyTimer(downstream.loop(), this::onReadTimeout);
    this.body =
        new Http1RequestBody(
            new RequestBytes(counts.account(), downstream.loop(), this::regulateReading));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    output = new ServerOutput(ctx, limits);
    counts.account().watch(() -> output().waiting() + received.size());
    counts.opened();
    readTimer.start(counts.left(limits.get().head()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var data = (ByteBuf) message;
    if (inbound == Inbound.CLOSED) {
      data.release();
      return;
    }
    if (inbound == Inbound.LINGER) {
      lingering.discarded(data.readableBytes());
      data.release();
      regulateReading();
      return;
    }
    received.add(ctx.alloc(), data);
    counts.account().note();
    run();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    counts.account().note();
    output().onWritabilityChanged();
    if (!output().writable()) {
      return;
    }
    var current = stream;
    if (current != null) {
      current.onWritable();
    } else if (inbound == Inbound.HEAD && received.get() != null) {
      // It waited for room for its reply.
      readTimer.start(limits.get().head());
      run();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (inbound == Inbound.CLOSED) {
      return;
    }
    inbound = Inbound.CLOSED;
    counts.closed();
    readTimer.close();
    output().onGone();
    received.release();
    var current = stream;
    stream = null;
    counts.over(current);
    if (current != null) {
      current.onGone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a failed handshake, a failed write: the client is gone or speaks another language.
    var _ = ctx.close();
  }

  @Override
  public void drain() {
    if (isIdle()) {
      readTimer.start(keepAlive.drain());
    }
  }

  /** Whatever the client asks for is refused: it speaks plain HTTP on a TLS port. */
  public void refusePlainHttp() {
    refuseAll = Refusal.PLAIN_HTTP;
  }

  @Override
  public boolean isIdle() {
    return inbound == Inbound.HEAD && received.get() == null;
  }

  @Override
  public void close() {
    var ctx = context;
    if (ctx != null) {
      var _ = ctx.close();
    }
  }

  /** Takes everything out of the received bytes that can be taken now. */
  private void run() {
    if (running) {
      return;
    }
    running = true;
    try {
      boolean progress = true;
      while (progress) {
        progress =
            switch (inbound) {
              case HEAD -> runHead();
              case BODY -> runBody();
              case DISCARD -> runDiscard();
              case DONE -> runDone();
              case RAW -> runRaw();
              case LINGER, CLOSED -> false;
            };
      }
    } finally {
      running = false;
    }
    if (inbound == Inbound.LINGER) {
      received.release();
    } else {
      received.shrink(output().alloc());
    }
    regulateReading();
  }

  private boolean runHead() {
    var in = received.get();
    if (in == null) {
      return false;
    }
    if (!output().writable()) {
      // A client that doesn't take replies needn't be given more: its next request waits.
      readTimer.stop();
      return false;
    }
    var head = headReader.read(in, limits.get().fields());
    if (refuseAll != null && (head != null || headReader.refusal() != null)) {
      refuse(refuseAll, head == null ? headReader.refusedLine() : head.lineText());
      return false;
    }
    if (head == null) {
      var refusal = headReader.refusal();
      if (refusal != null) {
        refuse(refusal, headReader.refusedLine());
      } else if (counts.requests() > 0 && headReader.started(in) && keepAlive.begins()) {
        counts.enter(State.READING);
        readTimer.start(limits.get().head());
      }
      return false;
    }
    readTimer.stop();
    var _ = keepAlive.begins();
    counts.request();
    counts.enter(State.WRITING);
    var current = onlyStream;
    current.reset(head, headReader.keepAlive(), headReader.headLength());
    stream = current;
    body.start(head.bodyLength());
    inbound = body.done() ? Inbound.DONE : Inbound.BODY;
    current.begin(handler.onRequest(current, head));
    return true;
  }

  private boolean runBody() {
    var current = stream;
    if (current == null) {
      return false;
    }
    if (current.ended()) {
      beginDiscard(current);
      return true;
    }
    var in = received.get();
    if (!body.wanted() || in == null) {
      return false;
    }
    var piece = body.take(in, output());
    var refusal = body.refusal();
    if (refusal != null) {
      refuseBody(current, refusal);
      return false;
    }
    if (piece == null) {
      return false;
    }
    readTimer.stop();
    boolean end = body.done();
    if (end) {
      inbound = Inbound.DONE;
    }
    current.onBody(piece, end);
    return true;
  }

  private void beginDiscard(Http1ServerStream current) {
    if (keepAlive.over() || body.isLong() || current.awaitsContinue()) {
      endConnection();
      return;
    }
    inbound = Inbound.DISCARD;
    body.beginDiscard();
    readTimer.start(BodyDiscard.NANOS);
  }

  private boolean runDiscard() {
    var in = received.get();
    if (in == null) {
      return false;
    }
    return switch (body.discard(in, output())) {
      case WAITS -> false;
      case GOES_ON -> true;
      case DONE -> {
        inbound = Inbound.DONE;
        yield true;
      }
      case GIVEN_UP -> {
        endConnection();
        yield false;
      }
    };
  }

  private boolean runDone() {
    var current = stream;
    if (current == null || !current.ended()) {
      return false;
    }
    if (keepAlive.over()) {
      endConnection();
      return false;
    }
    counts.over(current);
    counts.replied(output());
    current.forget();
    stream = null;
    inbound = Inbound.HEAD;
    counts.enter(State.WAITING);
    readTimer.start(keepAlive.pause(limits.get()));
    return received.get() != null;
  }

  private boolean runRaw() {
    var current = stream;
    var in = received.get();
    if (current == null || in == null || !body.wanted()) {
      return false;
    }
    if (!in.isReadable()) {
      received.release();
      return false;
    }
    var _ = received.take();
    current.onBody(body.takeRaw(in), false);
    return true;
  }

  /** Answers what can't be understood; nothing that follows can be understood either. */
  private void refuse(Refusal refusal, CharSequence line) {
    readTimer.stop();
    keepAlive.end();
    inbound = Inbound.LINGER;
    counts.request();
    var current = onlyStream;
    current.refuse(line);
    stream = current;
    handler.onRefused(current, refusal, line);
  }

  private void refuseBody(Http1ServerStream current, Refusal refusal) {
    keepAlive.end();
    readTimer.stop();
    inbound = Inbound.LINGER;
    current.onBodyRefused(refusal);
  }

  private void onReadTimeout() {
    var current = stream;
    var in = received.get();
    switch (inbound) {
      case HEAD -> {
        if (in != null && headReader.started(in)) {
          refuse(new Refusal(408, "head took too long"), headReader.refusedLine());
        } else {
          close();
        }
      }
      case BODY -> {
        if (body.full(received.size())) {
          // It was not read: the endpoint is late, not the client.
          readTimer.start(limits.get().body());
        } else if (current != null) {
          refuseBody(current, new Refusal(408, "body took too long"));
        }
      }
      case DISCARD -> endConnection();
      case LINGER -> {
        if (lingering.over(System.nanoTime(), limits.get().send(), output().acknowledged())) {
          close();
        } else {
          readTimer.start(Lingering.PERIOD);
        }
      }
      case DONE, RAW, CLOSED -> {}
    }
  }

  /**
   * After the last reply: closes, or first shuts the sending side and reads on for a moment if the
   * client may still be sending, because a reset would overtake the reply.
   */
  private void endConnection() {
    if (inbound == Inbound.CLOSED) {
      return;
    }
    counts.over(stream);
    boolean clean = inbound == Inbound.DONE && nothingReceived();
    inbound = Inbound.LINGER;
    keepAlive.end();
    stream = null;
    if (clean) {
      output().closeAfterFlush();
    } else {
      readTimer.stop();
      regulateReading();
      output().shutdownAfterFlush(this::lingerOn);
    }
  }

  /** From now on, and not before a slow client took the reply: until then its bytes wait. */
  private void lingerOn() {
    lingering.begin(System.nanoTime());
    if (inbound == Inbound.LINGER) {
      readTimer.start(Lingering.PERIOD);
      regulateReading();
    }
  }

  private void regulateReading() {
    if (inbound == Inbound.LINGER) {
      output().reads(lingering.reads());
    } else if (inbound != Inbound.CLOSED) {
      boolean full = body.full(received.size());
      if (body.isReadAgain(full) && inbound == Inbound.BODY) {
        readTimer.start(body.patience(limits.get().body()));
      }
      output().reads(!full);
    }
  }

  // What a stream asks of its connection.

  ServerOutput output() {
    var there = output;
    if (there == null) {
      throw new IllegalStateException("used before it was added to a pipeline");
    }
    return there;
  }

  Downstream downstream() {
    return downstream;
  }

  ConnectionCounts counts() {
    return counts;
  }

  Http1ReplyWriter replyWriter() {
    return replyWriter;
  }

  /** Whether the connection outlives this reply; asked once for each reply, at its head. */
  boolean decideKeepAlive(boolean wanted) {
    return keepAlive.decide(wanted && !bodyWillBeLeft(), limits.get(), counts.requests());
  }

  /** Whether too much of the body is still to come to read it for the connection's sake. */
  private boolean bodyWillBeLeft() {
    var current = stream;
    return inbound == Inbound.BODY
        && (body.isLong() || (current != null && current.awaitsContinue()));
  }

  /** Whether the body is still to come as far as the client's bytes tell. */
  boolean nothingReceived() {
    return received.isEmpty();
  }

  void wantBody() {
    if (body.wanted() || inbound == Inbound.LINGER || inbound == Inbound.CLOSED) {
      return;
    }
    body.want();
    if (inbound == Inbound.BODY) {
      readTimer.start(body.patience(limits.get().body()));
    }
    run();
  }

  void goRaw() {
    inbound = Inbound.RAW;
    readTimer.stop();
  }

  /** The reply is written. */
  void onReplyEnd() {
    if (inbound == Inbound.RAW || inbound == Inbound.LINGER) {
      inbound = inbound == Inbound.RAW ? Inbound.DONE : inbound;
      keepAlive.end();
      endConnection();
    } else if (running) {
      // It was answered at once; the run that it came from goes on.
      return;
    } else if (nothingReceived()) {
      run();
      output().flush();
    } else { // the next request waits; whoever wrote the reply comes to the end of this one first
      downstream.loop().execute(this::run);
    }
  }
}
