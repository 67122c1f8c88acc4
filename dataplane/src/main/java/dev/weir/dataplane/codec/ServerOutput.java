package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a client's connection: gathers what one turn of the event loop writes into
 * one flush, watches for clients that take nothing, and ends in good order. Owned by its event
 * loop.
 */
final class ServerOutput {
  /** Frames that are gathered before they are handed on. */
  private static final int ROOM = 8 * 1024;

  /** How much may wait for a client before the first reply to it is complete. */
  private static final WriteBufferWaterMark FIRST_MARKS =
      new WriteBufferWaterMark(8 * 1024, 24 * 1024);

  private static final WriteBufferWaterMark LATER_MARKS =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private final ChannelHandlerContext ctx;
  private final Supplier<ServerLimits> limits;
  private final LazyTimer timer;
  private final Runnable flushTask = this::runFlush;
  private boolean flushPlanned;
  private boolean unflushed;
  private boolean ending;
  private @Nullable ByteBuf open;
  private int untaken;
  private long written;

  ServerOutput(ChannelHandlerContext ctx, Supplier<ServerLimits> limits) {
    this.ctx = ctx;
    this.limits = limits;
    this.timer = new LazyTimer(ctx.channel().eventLoop(), this::onTimeout);
    ctx.channel().config().setWriteBufferWaterMark(FIRST_MARKS);
  }

  ByteBufAllocator alloc() {
    return ctx.alloc();
  }

  ByteBuf buffer(int size) {
    return ctx.alloc().buffer(size);
  }

  /**
   * Sends soon, together with what else this turn of the loop brings; takes the reference over.
   * Small pieces that follow are put into the room that is left in {@code head}, so that a small
   * reply is one buffer, one write and one TLS record.
   */
  void open(ByteBuf head) {
    send();
    open = head;
    flushSoon();
  }

  /** Sends soon; takes the reference over. */
  void write(ByteBuf data) {
    var before = open;
    if (before != null && data.readableBytes() <= before.writableBytes()) {
      before.writeBytes(data);
      data.release();
    } else {
      send();
      written += data.readableBytes();
      // A failed write comes back as exceptionCaught.
      var _ = ctx.write(data, ctx.voidPromise());
    }
    flushSoon();
  }

  /**
   * A buffer to which so many bytes may be written now; it is sent soon. Not to be kept.
   *
   * @param bytes that will be written at once
   */
  ByteBuf room(int bytes) {
    return room(bytes, ROOM);
  }

  /**
   * As {@link #room(int)}.
   *
   * @param usual how large a new buffer is at least
   */
  ByteBuf room(int bytes, int usual) {
    var before = open;
    if (before != null && before.writableBytes() >= bytes) {
      return before;
    }
    var next = buffer(Math.max(bytes, usual));
    open(next);
    return next;
  }

  private void send() {
    var waiting = open;
    if (waiting != null) {
      open = null;
      written += waiting.readableBytes();
      var _ = ctx.write(waiting, ctx.voidPromise());
    }
  }

  private void flushSoon() {
    unflushed = true;
    if (!flushPlanned) {
      flushPlanned = true;
      ctx.channel().eventLoop().execute(flushTask);
    }
  }

  private void runFlush() {
    flushPlanned = false;
    flush();
  }

  /** Sends now what was written. */
  void flush() {
    if (unflushed) {
      unflushed = false;
      send();
      ctx.flush();
    }
  }

  /** Sends what was written, and tells when the socket has taken it, in a later turn. */
  void whenTaken(Runnable then) {
    send();
    var _ =
        ctx.write(Unpooled.EMPTY_BUFFER)
            .addListener(
                taken -> {
                  if (taken.isSuccess()) {
                    ctx.executor().execute(then);
                  }
                });
    flushSoon();
  }

  /** Does that in a later turn of the loop. */
  void later(Runnable then) {
    ctx.executor().execute(then);
  }

  /** A first reply was complete: from now on more may wait. */
  void trust() {
    ctx.channel().config().setWriteBufferWaterMark(LATER_MARKS);
  }

  boolean writable() {
    return ctx.channel().isWritable();
  }

  /** Whether the socket is to be read. */
  void reads(boolean on) {
    var config = ctx.channel().config();
    if (config.isAutoRead() != on) {
      config.setAutoRead(on);
    }
  }

  /** The channel became writable, or ceased to be. */
  void onWritabilityChanged() {
    if (!writable()) {
      watch();
    } else if (!ending) {
      timer.stop();
    }
  }

  /** Closes the connection unless the client takes something in time, and again. */
  private void watch() {
    untaken = waiting();
    timer.start(limits.get().send());
  }

  private void onTimeout() {
    if (waiting() < untaken) {
      watch();
    } else {
      close();
    }
  }

  /** Bytes that wait for the socket. */
  int waiting() {
    return pending() + gathered();
  }

  private int pending() {
    var buffer = ctx.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : (int) Math.min(Integer.MAX_VALUE, buffer.totalPendingWriteBytes());
  }

  private int gathered() {
    var waiting = open;
    return waiting == null ? 0 : waiting.readableBytes();
  }

  /** Bytes so far, those that wait included. */
  long written() {
    return written + gathered();
  }

  /** Of them, about as many as the socket took. */
  long taken() {
    return written - pending();
  }

  /** Closes at once. */
  void close() {
    var _ = ctx.close();
  }

  /** Closes when everything is sent; also if the client takes nothing for too long. */
  void closeAfterFlush() {
    end().addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Says that nothing more comes when everything is sent; the other direction stays open.
   *
   * @param sent called then
   */
  void shutdownAfterFlush(Runnable sent) {
    end()
        .addListener(
            done -> {
              timer.stop();
              shutdown();
              sent.run();
            });
  }

  /** No later write will tell that this one hangs. */
  private ChannelFuture end() {
    ending = true;
    send();
    var flushed = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (!flushed.isDone()) {
      watch();
    }
    return flushed;
  }

  private void shutdown() {
    if (!(ctx.channel() instanceof DuplexChannel channel)) {
      close();
      return;
    }
    var tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutdown(channel);
    } else {
      var _ = tls.closeOutbound().addListener(said -> shutdown(channel));
    }
  }

  private static void shutdown(DuplexChannel channel) {
    var _ = channel.shutdownOutput();
  }

  /** Whether nothing sent is on its way any more, as far as that can be known. */
  boolean acknowledged() {
    return !Transport.unacknowledged(ctx.channel());
  }

  /** The connection is gone. */
  void onGone() {
    timer.close();
    var waiting = open;
    open = null;
    if (waiting != null) {
      waiting.release();
    }
  }
}
