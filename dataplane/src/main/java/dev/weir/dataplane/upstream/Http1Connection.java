package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.MalformedReplyException;
import dev.weir.dataplane.codec.ReplyParser;
import dev.weir.dataplane.codec.ReplyParts;
import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.upstream.UpstreamFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 connection to an endpoint: carries one {@link Http1Stream} at a time, never a second
 * request before the first reply is complete (hardening.md P17).
 *
 * <p>It goes back to its pool only if the request was wholly written, the reply was read to its end
 * as framed by itself, no byte follows it, nothing broke the protocol or asked to close, the
 * version is 1.1 and the endpoint is still the same (hardening.md section 3, rule 5). While idle a
 * read is under way, so that the peer's close is seen; bytes on an idle connection close it.
 *
 * <p>Owned by the channel's event loop. Reads happen only when asked for: see {@link ReplyReads}.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements WriteCount.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);
  static final int LOW_WATER = 32 * 1024;
  static final int HIGH_WATER = 64 * 1024;

  private final LiveEndpoint endpoint;
  private final @Nullable UpstreamTls tls;
  private final LoopPool pool;
  private final SocketChannel channel;
  private final ServiceLoad load;
  private final @Nullable ReplyReads reads;
  private final ReplyParser parser;
  private final WriteCount writeCount;
  private final ReplyReceiver receiver;
  private final GatheredPart part;
  private final Runnable flush;
  private @Nullable Http1Stream stream;
  private boolean closes;
  private boolean patient;
  private boolean flushScheduled;
  private int requests;
  private final long begun = System.nanoTime();
  private long idleSince;
  private long idleBefore;
  private long idleLimit;
  private boolean outputEnds;
  private boolean peerEnded;
  private @Nullable Throwable readFailure;
  private @Nullable Throwable writeFailure;

  Http1Connection(
      LiveEndpoint endpoint,
      @Nullable UpstreamTls tls,
      LoopPool pool,
      SocketChannel channel,
      ServiceLoad load,
      @Nullable ReplyReads reads) {
    this.tls = tls;
    this.reads = reads;
    this.load = load;
    this.endpoint = endpoint;
    this.pool = pool;
    this.channel = channel;
    this.parser = new ReplyParser(pool.spares());
    this.writeCount = new WriteCount(channel, tls != null, this);
    this.receiver = new ReplyReceiver(this, parser, channel.alloc());
    this.part = new GatheredPart(this);
    this.flush =
        () -> {
          flushScheduled = false;
          channel.flush();
        };
  }

  LiveEndpoint endpoint() {
    return endpoint;
  }

  /** What it speaks; null for plain HTTP. */
  @Nullable UpstreamTls tls() {
    return tls;
  }

  SocketChannel channel() {
    return channel;
  }

  /** What the connection and its requests count for. */
  ServiceLoad load() {
    return load;
  }

  /** Begins the next request, which its upstream's load counts already. */
  Http1Stream open(Timeouts timeouts, boolean lastRequest, long now) {
    var next = new Http1Stream(this, requests > 0, timeouts, now);
    idleBefore = requests > 0 ? now - idleSince : 0;
    requests++;
    closes = lastRequest;
    stream = next;
    pool.watch(next);
    return next;
  }

  int requests() {
    return requests;
  }

  /** What bounds reads; null for nothing. */
  @Nullable ReplyRoom room() {
    return stream == null ? null : stream.room();
  }

  /** Who wants to know of reads; null for nobody. */
  @Nullable ReplyParts parts() {
    var room = room();
    return room == null ? null : room.parts();
  }

  /** What of the reply isn't whole. */
  GatheredPart part() {
    return part;
  }

  /** How many bytes a read may bring now. */
  int mostRead() {
    var current = stream;
    var room = current == null ? null : current.room();
    if (current == null || room == null) {
      return Integer.MAX_VALUE;
    }
    boolean mayBePart = tls != null || !current.answered();
    return Math.max(part.reserved(), room.room(mayBePart));
  }

  /** How long it has stood. */
  long age(long now) {
    return now - begun;
  }

  /** Starts being idle: from now on a close by the peer is seen. */
  void idle(long now, long limit) {
    idleSince = now;
    long header = parser.keepAliveSeconds();
    idleLimit = header < 0 ? limit : Math.min(limit, (header - 1) * 1_000_000_000L);
    channel.read();
  }

  /** Nanoseconds since it was last used. */
  long idleFor(long now) {
    return now - idleSince;
  }

  /** Whether it may not be used any more because it was idle for too long. */
  boolean expired(long now) {
    return now - idleSince >= Math.min(idleLimit, endpoint.idleLimit(now));
  }

  /** Whether the peer has surely not thought of closing it yet (hardening.md 5.1, 4). */
  boolean young(long now) {
    return now - idleSince < Math.min(idleLimit, endpoint.idleLimit(now)) / 2;
  }

  /** Whether a request can't be sent any more. */
  boolean gone() {
    return !channel.isActive() || endpoint.retired();
  }

  void close() {
    var _ = channel.close();
  }

  /**
   * Closes in the middle of a request whose reply nobody waits for any more. Bytes of an upgraded
   * protocol may matter though their sender has left: a reset could destroy them.
   */
  private void abort() {
    if (!parser.raw()) {
      Transport.resetOnClose(channel);
    }
    close();
  }

  // What the stream calls.

  /** Whether the request is the last that the connection carries. */
  boolean closes() {
    return closes;
  }

  /** No other request follows the one that is about to be sent. */
  void lastRequest() {
    closes = true;
  }

  void expectReply(boolean headRequest, boolean upgradeAsked, int headLimit) {
    parser.begin(headRequest, upgradeAsked, headLimit);
  }

  void write(ByteBuf data) {
    var current = stream;
    if (writeCount.begin(data) && current != null) {
      current.sendBegins();
    }
    var _ = channel.write(data, writeCount);
  }

  void flush() {
    channel.flush();
  }

  /** Flushes at the end of this turn of the loop, together with body that comes meanwhile. */
  void flushSoon() {
    if (!flushScheduled) {
      flushScheduled = true;
      channel.eventLoop().execute(flush);
    }
  }

  /** With TLS its gauge looks whether there is room. */
  void requestRead() {
    if (tls != null || part.mayRead()) {
      channel.read();
    }
  }

  /** Ends the sending side once everything before was taken. */
  void endOutput() {
    outputEnds = true;
    channel.flush();
    if (!writeCount.pending()) {
      shutOutput();
    }
  }

  private void shutOutput() {
    var handler = tls == null ? null : channel.pipeline().get(SslHandler.class);
    if (handler == null) {
      var _ = channel.shutdownOutput();
    } else {
      // Without close_notify the peer would have to take what it got for cut off.
      var _ =
          handler
              .closeOutbound()
              .addListener(
                  said -> {
                    var _ = channel.shutdownOutput();
                  });
    }
  }

  /** A peer may be slow to take a long body although it is alive. */
  void prepareBody(boolean large) {
    if (large && !patient) {
      patient = true;
      pool.allowSlowPeer(channel);
    }
  }

  /** The stream was given up. */
  void abandoned(Http1Stream given, boolean unsent) {
    if (stream != given) {
      return;
    }
    leave(given);
    if (unsent && !gone()) {
      requests--;
      pool.release(this);
    } else {
      abort();
    }
  }

  /** Nothing was sent and nothing can be any more. */
  void failUnsent() {
    fail(Kind.ENDPOINT_GONE, endpoint + ": gone before the request was sent");
  }

  // What the channel calls.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var in = (ByteBuf) message;
    try {
      var current = stream;
      if (current == null) {
        close();
      } else if (!current.headSent()) {
        close();
        failUnsent();
      } else {
        current.touch();
        int size = in.readableBytes();
        receiver.receive(current, in);
        if (stream == current) {
          part.onLines(tls == null ? size : 0, parser.gathered());
        }
        if (reads != null) {
          reads.next(parser.missing(), stream == current && current.wanted());
        }
      }
    } catch (MalformedReplyException e) {
      fail(Kind.MALFORMED_REPLY, endpoint + ": " + e.detail());
    } finally {
      in.release();
    }
  }

  /**
   * The reply is complete. The connection is put back before the listener hears of it, so that the
   * next request of the same client finds it.
   */
  void finish(Http1Stream current, ByteBuf in) {
    leave(current);
    boolean clean =
        parser.reusable()
            && !in.isReadable()
            && current.requestEnded()
            && !writeCount.pending()
            && readFailure == null
            && writeFailure == null
            && !closes
            && !gone();
    if (clean) {
      pool.release(this);
    } else {
      close();
    }
  }

  /** The stream has no more part in it. */
  private void leave(Http1Stream current) {
    stream = null;
    part.over();
    pool.unwatch(current);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    part.settle();
    var current = stream;
    if (current != null && current.wanted()) {
      requestRead();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    var current = stream;
    if (current != null && channel.isWritable()) {
      current.writableAgain();
    }
  }

  /** A close_notify is the end of what the peer says, as the end of a plain connection is. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent end && end.isSuccess()) {
      peerEnded = true;
      close();
    }
    ctx.fireUserEventTriggered(event);
  }

  /**
   * Whether the close of the connection may have cut off what was under way: anybody can close a
   * TLS connection, only the peer can say close_notify (RFC 8446 6.1). An upgraded protocol frames
   * its own messages.
   */
  private boolean cutOff() {
    return tls != null && !peerEnded && !parser.raw();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    writeCount.end();
    var current = stream;
    if (current == null) {
      if (pool.forget(this)) {
        long now = System.nanoTime();
        endpoint.closedWhileIdle(now - idleSince, now);
      }
    } else if (current.headSent() && parser.endsAtClose() && readFailure == null && !cutOff()) {
      leave(current);
      current.body(Unpooled.EMPTY_BUFFER, true);
    } else if (!current.headSent()) {
      failUnsent();
    } else {
      closedEarly(current);
    }
  }

  private void closedEarly(Http1Stream current) {
    if (!parser.started() && current.reused()) {
      endpoint.closedWhileIdle(idleBefore, System.nanoTime());
    }
    var cause = readFailure == null ? writeFailure : readFailure;
    var closed = cutOff() ? "closed without close_notify" : "closed";
    var why = cause == null ? closed : String.valueOf(cause.getMessage());
    fail(parser.started() ? Kind.CLOSED_IN_REPLY : Kind.CLOSED_BEFORE_REPLY, endpoint + ": " + why);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The TLS handler wraps what the peer did wrong.
    var inner = cause instanceof DecoderException ? cause.getCause() : null;
    readFailure = inner == null ? cause : inner;
    if (!(readFailure instanceof IOException)) {
      LOG.warn("Upstream connection to {} closed by an unexpected failure", endpoint, cause);
    }
    close();
  }

  /** A write ended. A failed one is no end yet: the peer may have answered before it hung up. */
  @Override
  public void onWritten(@Nullable Throwable failure) {
    if (failure != null && writeFailure == null) {
      writeFailure = failure;
      var current = stream;
      if (current != null && channel.isActive()) {
        current.read();
      }
    } else if (outputEnds && !writeCount.pending()) {
      shutOutput();
    }
  }

  /** Looks at the deadlines. */
  void check(Http1Stream current, long now) {
    if (part.check(now)) {
      // It is us who don't read.
      current.touch();
    }
    if (stream != current) {
      return;
    }
    var buffer = channel.unsafe().outboundBuffer();
    long taken = writeCount.done() + (buffer == null ? 0 : buffer.currentProgress());
    var late = current.overdue(now, writeCount.pending(), taken);
    if (late != null) {
      fail(late, endpoint + ": nothing for the time allowed");
    }
  }

  private void fail(Kind kind, String detail) {
    var current = stream;
    if (current == null) {
      abort();
      return;
    }
    leave(current);
    abort();
    // TLS: a certificate of ours that it refuses, say, which other routes don't show.
    boolean tlsFailed = readFailure instanceof SSLException;
    if (!current.answered() && kind.leavesRequestUnserved() && !tlsFailed) {
      endpoint.health().requestFailed(current.begunAt(), System.nanoTime());
    }
    current.failed(new UpstreamFailure(kind, detail));
  }
}
