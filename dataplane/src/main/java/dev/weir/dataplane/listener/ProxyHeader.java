package dev.weir.dataplane.listener;

import dev.weir.dataplane.http.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a PROXY header, version 1 or 2, says of a connection.
 *
 * @param client null if it says nothing: a health check of the load balancer's own
 * @param port that the client connected to; 0 if it says nothing
 */
public record ProxyHeader(@Nullable IpAddress client, int port) {
  /**
   * Version 2 allows 64 KiB of additional data; what load balancers send is a few hundred bytes.
   */
  private static final int MAX_ADDITIONS = 4096;

  /** More than the longest header and the first packet behind it. */
  private static final int MAX_WAITING = 128 * 1024;

  /**
   * Puts handlers at the end of the pipeline that take a PROXY header off the connection's
   * beginning and then leave. A connection that begins otherwise is closed, and nothing of it gets
   * further; so is one that takes too long.
   *
   * @param timeoutNanos how long the header may take from now on
   * @param onHeader is told before any byte behind the header goes on
   */
  public static void expect(
      ChannelPipeline pipeline, long timeoutNanos, Consumer<ProxyHeader> onHeader) {
    pipeline.addLast(new Decoder()).addLast(new Receiver(timeoutNanos, onHeader));
  }

  /** What a header says; null if the client's address in it is none. */
  private static @Nullable ProxyHeader of(HAProxyMessage message) {
    boolean local = message.command() == HAProxyCommand.LOCAL;
    // A path of a UNIX socket is no address, even if it reads like one.
    boolean path = message.proxiedProtocol().addressFamily() == AddressFamily.AF_UNIX;
    var text = local || path ? null : message.sourceAddress();
    if (text == null) {
      return new ProxyHeader(null, 0);
    }
    var client = IpAddress.parse(text);
    return client == null ? null : new ProxyHeader(client, message.destinationPort());
  }

  /**
   * Netty's decoder, bounded in what it gathers. It leaves once something is wrong: at a
   * connection's end it would try again with what follows the fault.
   */
  private static final class Decoder extends HAProxyMessageDecoder {
    Decoder() {
      super(MAX_ADDITIONS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
      if (actualReadableBytes() > MAX_WAITING) {
        ReferenceCountUtil.release(message);
        refuse(ctx);
      } else {
        super.channelRead(ctx, message);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      refuse(ctx);
    }

    private void refuse(ChannelHandlerContext ctx) {
      // First: what is gathered goes to the receiver, which throws it away.
      if (!ctx.isRemoved()) {
        ctx.pipeline().remove(this);
      }
      var _ = ctx.close();
    }
  }

  /** Takes the header; lets bytes pass only behind it. */
  private static final class Receiver extends ChannelInboundHandlerAdapter {
    private final long timeoutNanos;
    private final Consumer<ProxyHeader> onHeader;
    private @Nullable Future<?> deadline;

    Receiver(long timeoutNanos, Consumer<ProxyHeader> onHeader) {
      this.timeoutNanos = timeoutNanos;
      this.onHeader = onHeader;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      deadline = ctx.executor().schedule(() -> close(ctx), timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private static void close(ChannelHandlerContext ctx) {
      var _ = ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      var waiting = deadline;
      if (waiting != null) {
        waiting.cancel(false);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HAProxyMessage header) {
        ProxyHeader read;
        try {
          read = of(header);
        } finally {
          header.release();
        }
        if (read == null) {
          close(ctx);
          return;
        }
        onHeader.accept(read);
        ctx.pipeline().remove(this);
      } else {
        // Bytes without header: the connection ends.
        assert message instanceof ByteBuf;
        ReferenceCountUtil.release(message);
      }
    }
  }
}
