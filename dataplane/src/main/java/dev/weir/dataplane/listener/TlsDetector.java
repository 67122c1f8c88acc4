package dev.weir.dataplane.listener;

import dev.weir.dataplane.codec.Http1ServerConnection;
import dev.weir.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Looks at the first byte on a TLS port: a handshake makes way for TLS, anything else is read as
 * HTTP and told that it came to the wrong port (ingress-nginx.md 4.10).
 */
final class TlsDetector extends ChannelInboundHandlerAdapter {
  private static final int HANDSHAKE = 22;

  private final ServerTls tls;
  private final Http1ServerConnection connection;

  TlsDetector(ServerTls tls, Http1ServerConnection connection) {
    this.tls = tls;
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var data = (ByteBuf) message;
    if (!data.isReadable()) {
      data.release();
      return;
    }
    var pipeline = ctx.pipeline();
    if (data.getUnsignedByte(data.readerIndex()) == HANDSHAKE) {
      pipeline.replace(this, "tls", tls.newHandler(ctx.alloc()));
    } else {
      connection.refusePlainHttp();
      pipeline.remove(this);
    }
    // This handler was the first.
    pipeline.fireChannelRead(data);
  }
}
