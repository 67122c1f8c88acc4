package dev.weir.dataplane.codec;

import dev.weir.dataplane.codec.Http2Streams.Fate;
import dev.weir.dataplane.telemetry.ConnectionMetrics.State;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection that speaks HTTP/2 (RFC 9113). Framing, streams and both kinds of flow
 * control are ours, because every one of them is a limit of what a client may cost; packing of
 * fields (HPACK) is Netty's. There is no channel for each stream.
 *
 * <ul>
 *   <li>{@link Http2Inbound} takes frames apart and tells streams; {@link Http2FrameEvents} sees
 *       each of them first.
 *   <li>{@link Http2Sender} sends bodies in turns; {@link ByteAccount} counts what is held.
 *   <li>This class holds them together: it writes heads, ends streams and itself, and watches the
 *       time.
 * </ul>
 *
 * <p>It ends in good order as RFC 9113 6.8 wants: a GOAWAY that names no stream, a round trip later
 * one that names the last stream that is served, then the end when that is over.
 *
 * <p>Owned by its event loop.
 */
public final class Http2ServerConnection extends ChannelInboundHandlerAdapter
    implements ServerConnection {
  private static final Logger LOG = LoggerFactory.getLogger(Http2ServerConnection.class);

  /** How long a client has to say that it knows of the end. */
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What our PING says; its echo says that the client has seen what came before. */
  private static final long LEAVING = 0x6c656176696e6700L;

  private enum Life {
    OPEN,
    /** The client is told that there will be an end. */
    LEAVING,
    /** The client knows the last stream. */
    LAST,
    /** Nothing more is read but thrown away, so that the last frames aren't lost to a reset. */
    LINGER,
    CLOSED
  }

  private final Downstream downstream;
  private final Supplier<ServerLimits> limits;
  private final ConnectionCounts counts;
  private final Http2Requests requests;
  private final LowerNames names;
  private final Http2HeadBlock blocks = new Http2HeadBlock();
  private final Http2FrameEvents events;
  private final ByteAccount held;
  private final Http2Streams streams = new Http2Streams();
  private final Http2Settings peer = new Http2Settings();
  private final ReceivedBytes received = new ReceivedBytes();
  private final Lingering lingering = new Lingering();
  private final LazyTimer lifeTimer;
  private final LazyTimer headTimer;
  private final Http2StreamWatch watch;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Http2Parts parts;
  private Life life = Life.OPEN;
  private boolean peerLeaves;
  private boolean reading;
  private Http2Error leaves = Http2Error.NO_ERROR;

  /**
   * Before it is added to a pipeline.
   *
   * @param counts may have been told already that the connection is there
   * @param spares of the connection's loop
   */
  public Http2ServerConnection(
      Downstream downstream,
      Supplier<ServerLimits> limits,
      RequestHandler handler,
      ConnectionCounts counts,
      SpareHeads spares) {
    this.downstream = downstream;
    this.limits = limits;
    this.counts = counts;
    this.requests = new Http2Requests(this, handler, new Http2HeadReader(spares, blocks));
    this.events = new Http2FrameEvents(new AbuseBudget(System::nanoTime), counts.abuse(), requests);
    this.held = counts.account();
    this.names = spares.names();
    this.lifeTimer = new LazyTimer(downstream.loop(), this::onLifeTimeout);
    this.headTimer = new LazyTimer(downstream.loop(), this::onHeadTimeout);
    this.watch =
        new Http2StreamWatch(downstream.loop(), streams, limits, this::parts, this::onDefied);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    var output = new ServerOutput(ctx, limits);
    held.watch(output::waiting);
    var frames = new Http2Output(output, events);
    var sender = new Http2Sender(output, held, events);
    var credit = new Http2Credit(frames, held, requests::makeRoom);
    var heads = new Http2HeadFrames(output, new Http2HeadWriter(names));
    parts = new Http2Parts(output, frames, heads, sender, credit, new Http2Inbound(this, blocks));
    counts.opened();
    var now = limits.get();
    headTimer.start(counts.left(now.head()));
    lifeTimer.start(now.draining() ? now.head() : Math.max(now.head(), now.keepAlive()));
    held.hold(Http2HeadBlock.TABLE_SIZE);
    frames.firstSettings(streams.announce(now.http2Streams()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var data = (ByteBuf) message;
    if (life == Life.CLOSED || life == Life.LINGER) {
      lingering.discarded(data.readableBytes());
      data.release();
      regulateReading();
      return;
    }
    received.add(ctx.alloc(), data);
    var in = received.get();
    if (in == null) {
      return;
    }
    reading = true;
    try {
      parts().inbound().read(in);
    } catch (Http2Fault e) {
      fail(e);
    } finally {
      reading = false;
    }
    if (ending() || received.isEmpty()) {
      received.release();
    }
    if (!ending()) {
      parts().credit().grant();
      watchHead();
      regulateReading();
    }
  }

  private void watchHead() {
    if (!parts().inbound().isIncomplete(received.isEmpty())) {
      headTimer.stop();
    } else if (!headTimer.armed()) {
      headTimer.start(limits.get().head());
    }
  }

  /** A client that doesn't take what it is sent needn't ask for more. */
  private void regulateReading() {
    if (life != Life.CLOSED) {
      var output = parts().output();
      output.reads(life == Life.LINGER ? lingering.reads() : output.writable());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    var output = parts().output();
    output.onWritabilityChanged();
    if (output.writable()) {
      parts().sender().run();
      parts().credit().grant();
    }
    regulateReading();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (life == Life.CLOSED) {
      return;
    }
    life = Life.CLOSED;
    endStreams();
    counts.closed();
    lifeTimer.close();
    headTimer.close();
    watch.close();
    parts().output().onGone();
    parts().inbound().release();
    received.release();
  }

  private void endStreams() {
    for (var stream : streams.all()) {
      finish(stream, Fate.RESET_BY_CLIENT);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a failed write: the client is gone.
    var _ = ctx.close();
  }

  // The end.

  @Override
  public void drain() {
    leave(Http2Error.NO_ERROR);
  }

  /** Asks the client to go on with another connection. */
  void leave(Http2Error why) {
    if (life == Life.OPEN && context != null) {
      life = Life.LEAVING;
      leaves = why;
      parts().frames().goAway(Http2Frame.MOST_WINDOW, why);
      parts().frames().ping(false, LEAVING);
      lifeTimer.start(LEAVE_NANOS);
    }
  }

  @Override
  public boolean isIdle() {
    return streams.isEmpty();
  }

  @Override
  public void close() {
    var ctx = context;
    if (ctx != null) {
      var _ = ctx.close();
    }
  }

  /** The client answered a PING. */
  void onPingAck(long payload) {
    if (payload == LEAVING && life == Life.LEAVING) {
      nameLast();
    }
  }

  /** The client opens no more streams. */
  void onGoAway() {
    peerLeaves = true;
    endIfDone();
  }

  private void nameLast() {
    life = Life.LAST;
    lifeTimer.stop();
    parts().frames().goAway(streams.last(), leaves);
    endIfDone();
  }

  private void endIfDone() {
    if (streams.isEmpty() && (life == Life.LAST || (peerLeaves && life == Life.OPEN))) {
      end();
    }
  }

  /** Shuts the sending side when all is sent, then reads on for a moment. */
  private void end() {
    life = Life.LINGER;
    headTimer.stop();
    watch.close();
    lifeTimer.stop();
    if (!reading) {
      received.release();
    }
    regulateReading();
    parts().output().shutdownAfterFlush(this::lingerOn);
  }

  private void lingerOn() {
    lingering.begin(System.nanoTime());
    if (life == Life.LINGER) {
      lifeTimer.start(Lingering.PERIOD);
      regulateReading();
    }
  }

  /** The client broke a rule that the connection can't live without. */
  void fail(Http2Fault fault) {
    LOG.debug("{}: {}", downstream.addressText(), fault.getMessage());
    parts().frames().goAway(streams.last(), fault.code());
    life = Life.LINGER;
    endStreams();
    end();
    if (fault.code() == Http2Error.ENHANCE_YOUR_CALM) {
      // It has had its warning: no time and no memory for its last words.
      parts().output().flush();
      close();
    }
  }

  private void onLifeTimeout() {
    switch (life) {
      case OPEN -> {
        if (streams.isEmpty()) {
          parts().frames().goAway(streams.last(), Http2Error.NO_ERROR);
          end();
        }
      }
      case LEAVING -> nameLast();
      case LINGER -> {
        if (lingering.over(
            System.nanoTime(), limits.get().send(), parts().output().acknowledged())) {
          close();
        } else {
          lifeTimer.start(Lingering.PERIOD);
        }
      }
      case LAST, CLOSED -> {}
    }
  }

  private void onDefied() {
    fail(
        new Http2Fault(
            Http2Error.SETTINGS_TIMEOUT, "more streams than SETTINGS allow, unanswered"));
  }

  private void onHeadTimeout() {
    if (parts().inbound().hasBegun()) {
      fail(new Http2Fault(Http2Error.NO_ERROR, "a frame took too long"));
    } else {
      close();
    }
  }

  // Streams.

  /** Whether no stream is served that begins now. */
  boolean servesNoMore() {
    return life != Life.OPEN && life != Life.LEAVING;
  }

  /** Whether nothing more is to be read. */
  boolean ending() {
    return life == Life.LINGER || life == Life.CLOSED;
  }

  /**
   * A stream begins.
   *
   * @param bytes of the frames of its head
   * @param charge what the head costs in memory, which is held already
   */
  Http2ServerStream open(int id, int bytes, int charge) {
    var now = limits.get();
    if (streams.isEmpty()) {
      counts.enter(State.WRITING);
      if (life == Life.OPEN) {
        lifeTimer.stop();
      }
    }
    counts.request();
    events.opened();
    var stream =
        new Http2ServerStream(this, id, counts.requests(), peer.initialWindow(), bytes, charge);
    streams.add(id, stream);
    watch.onOpened();
    boolean last = now.keepAliveRequests() != 0 && counts.requests() >= now.keepAliveRequests();
    if (last || now.draining()) {
      drain();
    }
    return stream;
  }

  /** The reply is wholly written. */
  void onReplyWritten(Http2ServerStream stream) {
    if (stream.body().ended()) {
      finish(stream, Fate.COMPLETE);
    } else {
      held.release(stream.takeHeadCharge());
      stream.linger();
    }
    if (ending()) {
      return;
    }
    if (!held.trusted()) {
      counts.replied(parts().output());
      streams.trust();
      parts().credit().trust();
      requests.handOn();
    }
    int more = streams.announce(limits.get().http2Streams());
    if (more > 0) {
      parts().frames().settings(more);
    }
  }

  /** The rest of a request came that is answered. */
  void onRestCame(Http2ServerStream stream) {
    finish(stream, Fate.COMPLETE);
  }

  /** Resets a stream that is open. */
  void reset(Http2ServerStream stream, Http2Error code) {
    if (streams.get(stream.id()) == stream) {
      parts().frames().reset(stream.id(), code);
      finish(stream, Fate.RESET_BY_US);
    }
  }

  /** Resets a stream that was never opened. */
  void refuse(int id, Http2Error code) {
    parts().frames().reset(id, code);
    streams.end(id, Fate.RESET_BY_US);
  }

  /** The client reset a stream. */
  void onReset(Http2ServerStream stream) {
    finish(stream, Fate.RESET_BY_CLIENT);
  }

  private void finish(Http2ServerStream stream, Fate fate) {
    streams.end(stream.id(), fate);
    held.release(stream.takeHeadCharge());
    parts().sender().forget(stream);
    stream.onClosed();
    counts.over(stream);
    if (streams.isEmpty() && !ending()) {
      counts.enter(State.WAITING);
      if (life == Life.OPEN) {
        lifeTimer.start(limits.get().keepAlive());
      }
      endIfDone();
    }
    onTaken();
    if (!ending()) {
      requests.handOn();
    }
  }

  /** Something may be overdue at that time, by {@link System#nanoTime}. */
  void watch(long at) {
    watch.at(at);
  }

  /** Something that was held is not any more. */
  void onTaken() {
    if (!ending()) {
      parts().credit().grant();
      parts().sender().onRelease();
    }
  }

  // What the parts ask of each other.

  Http2Parts parts() {
    var there = parts;
    if (there == null) {
      throw new IllegalStateException("used before it was added to a pipeline");
    }
    return there;
  }

  ByteBufAllocator alloc() {
    return parts().output().alloc();
  }

  Http2Requests requests() {
    return requests;
  }

  ByteAccount held() {
    return held;
  }

  Http2Streams streams() {
    return streams;
  }

  Http2Settings peer() {
    return peer;
  }

  Http2FrameEvents events() {
    return events;
  }

  ServerLimits limits() {
    return limits.get();
  }

  Downstream downstream() {
    return downstream;
  }

  ConnectionCounts counts() {
    return counts;
  }
}
