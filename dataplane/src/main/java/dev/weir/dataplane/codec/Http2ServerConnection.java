package dev.weir.dataplane.codec;

import dev.weir.dataplane.codec.Http2Streams.Fate;
import dev.weir.dataplane.telemetry.ConnectionMetrics.State;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
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
 *   <li>{@link Http2Life} brings it to its end in good order.
 *   <li>This class holds them together: it opens and ends streams and watches the time.
 * </ul>
 *
 * <p>Owned by its event loop.
 */
public final class Http2ServerConnection extends ChannelInboundHandlerAdapter
    implements ServerConnection {
  private static final Logger LOG = LoggerFactory.getLogger(Http2ServerConnection.class);

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
  private final Http2Backlog backlog;
  private final ReceivedBytes received = new ReceivedBytes();
  private final Http2Life life;
  private final LazyTimer headTimer;
  private final Http2StreamWatch watch;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Http2Parts parts;
  private boolean reading;

  /** What was whole when the time of what isn't began. */
  private long finished;

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
    this.backlog = new Http2Backlog(this, held);
    this.names = spares.names();
    this.life = new Http2Life(this);
    this.headTimer = new LazyTimer(downstream.loop(), this::onHeadTimeout);
    this.watch = new Http2StreamWatch(this);
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
    var arrivals = new Http2Arrivals(output, frames);
    var inbound = new Http2Inbound(this, blocks);
    parts = new Http2Parts(output, frames, heads, sender, credit, arrivals, inbound);
    counts.opened();
    var now = limits.get();
    headTimer.start(counts.left(now.head()));
    life.begin(now.draining() ? now.head() : Math.max(now.head(), now.keepAlive()));
    held.hold(Http2HeadBlock.TABLE_SIZE);
    frames.firstSettings(streams.announce(now.http2Streams()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var data = (ByteBuf) message;
    if (ending()) {
      life.discarded(data.readableBytes());
      data.release();
      regulateReading();
      return;
    }
    received.add(ctx.alloc(), data);
    if (!backlog.keeps(received.size())) {
      readOn();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    backlog.nextTurn();
    ctx.fireChannelReadComplete();
  }

  /** Reads what is there, as far as nothing is left for later. */
  void readOn() {
    var in = received.get();
    if (in == null) {
      return;
    }
    backlog.take();
    reading = true;
    try {
      parts().inbound().read(in);
    } catch (Http2Fault e) {
      fail(e);
    } finally {
      reading = false;
    }
    if (ending()) {
      received.release();
    } else {
      keepUnread();
      parts().credit().grant();
      watchHead();
      regulateReading();
    }
  }

  private void keepUnread() {
    received.shrink(alloc());
    if (backlog.waits()) {
      if (backlog.waitsForRoom()) {
        received.trim(alloc());
      }
      backlog.leave(received.size());
    }
  }

  private void watchHead() {
    var inbound = parts().inbound();
    if (backlog.waits() || !inbound.isIncomplete(received.isEmpty())) {
      headTimer.stop();
    } else if (!headTimer.armed() || finished != inbound.finished()) {
      finished = inbound.finished();
      headTimer.start(limits.get().head());
    }
  }

  /** A client that doesn't take what it is sent needn't ask for more, nor one that waits. */
  void regulateReading() {
    if (!life.closed()) {
      var output = parts().output();
      output.reads(life.reads(output.writable() && !backlog.waits()));
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
    if (life.closed()) {
      return;
    }
    life.onGone();
    endStreams();
    counts.closed();
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
    if (context != null) {
      life.leave(why);
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
    life.onPingAck(payload);
    parts().arrivals().onPingAck(payload);
  }

  /** The client opens no more streams. */
  void onGoAway() {
    life.onGoAway();
  }

  /** Nothing more is read but what is thrown away. */
  void onEnd() {
    headTimer.stop();
    watch.close();
    if (!reading) {
      received.release();
    }
    regulateReading();
  }

  /** The client broke a rule that the connection can't live without. */
  void fail(Http2Fault fault) {
    LOG.debug("{}: {}", downstream.addressText(), fault.getMessage());
    life.fail(fault.code());
    endStreams();
    life.end();
    if (fault.code() == Http2Error.ENHANCE_YOUR_CALM) {
      // It has had its warning: no time and no memory for its last words.
      parts().output().flush();
      close();
    }
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
    return life.servesNoMore();
  }

  /** Whether nothing more is to be read. */
  boolean ending() {
    return life.ending();
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
      life.onBusy();
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
    boolean whole = stream.body().ended();
    if (whole) {
      finish(stream, Fate.COMPLETE);
    } else {
      held.release(stream.takeHeadCharge());
      stream.linger();
    }
    if (ending()) {
      return;
    }
    boolean first = !held.trusted();
    if (first) {
      counts.replied(parts().output());
      streams.trust();
      parts().credit().trust();
      requests.handOn();
      backlog.onRoom();
    }
    if (first || !whole) {
      // There is more room, and who waits for some may hear of nothing else.
      onTaken();
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
      life.onIdle();
    }
    onTaken();
    if (!ending()) {
      requests.handOn();
      backlog.onRoom();
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

  /** What of the client's bytes is left for later. */
  Http2Backlog backlog() {
    return backlog;
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
