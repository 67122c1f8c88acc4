package dev.weir.dataplane.listener;

import dev.weir.dataplane.codec.ConnectionCounts;
import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.Http1ServerConnection;
import dev.weir.dataplane.codec.Http2Preface;
import dev.weir.dataplane.codec.Http2ServerConnection;
import dev.weir.dataplane.codec.RequestHandler;
import dev.weir.dataplane.codec.ServerConnection;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.codec.SpareHeads;
import dev.weir.dataplane.http.TlsSession;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection before it is known which version of HTTP it speaks, and the name of it from
 * then on. With TLS the handshake decides (ALPN); without, the first bytes: HTTP/2 begins with
 * bytes that no request of HTTP/1 begins with (RFC 9113 3.3, 3.4).
 *
 * <p>As a handler it is the last of its pipeline, and leaves it when the one that speaks the
 * version has come behind it. Owned by the connection's event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements ServerConnection {
  private static final String HTTP_2 = "h2";

  /** How long a new connection may take to ask for something when all is about to end. */
  private static final long DRAINING_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Parts parts;
  private final ConnectionCounts counts;
  private Downstream downstream;
  private boolean plainOnTls;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> deadline;
  private @Nullable ByteBuf gathered;

  /** What it became. */
  private @Nullable ServerConnection decided;

  /**
   * What it is made of.
   *
   * @param limits asked at every request
   * @param spares of its loop
   */
  record Parts(
      Supplier<ServerLimits> limits,
      RequestHandler handler,
      ConnectionMetrics metrics,
      SpareHeads spares) {}

  ClientConnection(Downstream downstream, Parts parts) {
    this.downstream = downstream;
    this.parts = parts;
    this.counts = new ConnectionCounts(parts.metrics);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    counts.opened();
    deadline =
        ctx.executor().schedule(this::close, parts.limits.get().head(), TimeUnit.NANOSECONDS);
  }

  /** Corrects what is known of the connection, before the first byte of HTTP is read. */
  void cameThrough(Downstream origin) {
    downstream = origin;
  }

  /** TLS is agreed on. */
  void secured(TlsSession session) {
    downstream = downstream.secured(session);
  }

  /** Whatever the client asks for is refused: it speaks plain HTTP on a TLS port. */
  void refusePlainHttp() {
    plainOnTls = true;
  }

  Downstream downstream() {
    return downstream;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var before = gathered;
    var bytes =
        before == null
            ? (ByteBuf) message
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, (ByteBuf) message);
    gathered = bytes;
    if (!bytes.isReadable()) {
      return;
    }
    switch (speaksHttp2(bytes)) {
      case YES -> become(ctx, http2());
      case NO -> become(ctx, http1());
      case PERHAPS -> {}
    }
  }

  private Http2Preface.Answer speaksHttp2(ByteBuf bytes) {
    if (plainOnTls) {
      return Http2Preface.Answer.NO;
    }
    if (downstream.tls()) {
      boolean agreed = downstream.session().alpn().equals(HTTP_2);
      return agreed ? Http2Preface.Answer.YES : Http2Preface.Answer.NO;
    }
    return parts.limits.get().http2Streams() == 0
        ? Http2Preface.Answer.NO
        : Http2Preface.begins(bytes);
  }

  private Http2ServerConnection http2() {
    var made =
        new Http2ServerConnection(downstream, parts.limits, parts.handler, counts, parts.spares);
    decided = made;
    return made;
  }

  private Http1ServerConnection http1() {
    var made =
        new Http1ServerConnection(downstream, parts.limits, parts.handler, counts, parts.spares);
    if (plainOnTls) {
      made.refusePlainHttp();
    }
    decided = made;
    return made;
  }

  private void become(ChannelHandlerContext ctx, ChannelHandler handler) {
    var bytes = gathered;
    gathered = null;
    stopWaiting();
    ctx.pipeline().addLast(handler);
    ctx.pipeline().remove(this);
    if (bytes != null) {
      // This handler was the last: its context still leads to the one behind it.
      ctx.fireChannelRead(bytes);
    }
  }

  private void stopWaiting() {
    var waiting = deadline;
    deadline = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopWaiting();
    var bytes = gathered;
    gathered = null;
    if (bytes != null) {
      bytes.release();
    }
    counts.closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a failed handshake: the client is gone or speaks another language.
    var _ = ctx.close();
  }

  @Override
  public void drain() {
    var connection = decided;
    var ctx = context;
    if (connection != null) {
      connection.drain();
    } else if (ctx != null) {
      stopWaiting();
      deadline =
          ctx.executor()
              .schedule(this::close, counts.left(DRAINING_IDLE_NANOS), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public boolean isIdle() {
    var connection = decided;
    return connection == null || connection.isIdle();
  }

  @Override
  public void close() {
    var ctx = context;
    if (ctx != null) {
      var _ = ctx.close();
    }
  }
}
