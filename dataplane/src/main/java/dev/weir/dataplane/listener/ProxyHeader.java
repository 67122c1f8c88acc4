package dev.weir.dataplane.listener;

import dev.weir.dataplane.http.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a PROXY header, version 1 or 2, says of a connection (proxy-protocol.txt).
 *
 * @param client null if it says nothing: a health check of the load balancer's own
 * @param port that the client connected to; 0 if it says nothing
 */
public record ProxyHeader(@Nullable IpAddress client, int port) {
  /** A header that says nothing. */
  static final ProxyHeader SILENT = new ProxyHeader(null, 0);

  /**
   * Puts a handler at the end of the pipeline that takes a PROXY header off the connection's
   * beginning and then leaves. A connection that begins otherwise is closed, and nothing of it gets
   * further; so is one that takes too long.
   *
   * @param timeoutNanos how long the header may take from now on
   * @param onHeader is told before any byte behind the header goes on; false closes the connection
   */
  public static void expect(
      ChannelPipeline pipeline, long timeoutNanos, Predicate<ProxyHeader> onHeader) {
    pipeline.addLast(new Receiver(timeoutNanos, onHeader));
  }

  /** Gathers the header: never more than the longest one and what was read with its end. */
  private static final class Receiver extends ChannelInboundHandlerAdapter {
    private final long timeoutNanos;
    private final Predicate<ProxyHeader> onHeader;
    private @Nullable Future<?> deadline;
    private @Nullable ByteBuf gathered;
    private boolean refused;

    Receiver(long timeoutNanos, Predicate<ProxyHeader> onHeader) {
      this.timeoutNanos = timeoutNanos;
      this.onHeader = onHeader;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      deadline = ctx.executor().schedule(() -> refuse(ctx), timeoutNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      var waiting = deadline;
      if (waiting != null) {
        waiting.cancel(false);
      }
      release();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (refused) {
        ReferenceCountUtil.release(message);
        return;
      }
      var before = gathered;
      var bytes =
          before == null
              ? (ByteBuf) message
              : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                  ctx.alloc(), before, (ByteBuf) message);
      gathered = bytes;
      int length = ProxyHeaderReader.length(bytes);
      if (length == ProxyHeaderReader.MORE) {
        return;
      }
      var header = length < 0 ? null : ProxyHeaderReader.read(bytes, length);
      if (header == null || !onHeader.test(header)) {
        refuse(ctx);
        return;
      }
      gathered = null;
      bytes.skipBytes(length);
      // First: what comes behind may pass the bytes through the whole pipeline once more.
      ctx.pipeline().remove(this);
      if (bytes.isReadable()) {
        ctx.fireChannelRead(bytes);
      } else {
        bytes.release();
      }
    }

    private void refuse(ChannelHandlerContext ctx) {
      refused = true;
      release();
      var _ = ctx.close();
    }

    private void release() {
      var bytes = gathered;
      gathered = null;
      if (bytes != null) {
        bytes.release();
      }
    }
  }
}
