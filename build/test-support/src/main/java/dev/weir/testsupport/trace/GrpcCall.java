package dev.weir.testsupport.trace;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** One call of gRPC with one message each way; a stream of HTTP/2. Owned by its loop. */
final class GrpcCall extends ChannelInboundHandlerAdapter {
  /** Whether it is compressed, and its length. */
  private static final int PREFIX = 5;

  private static final String OK = "0";
  private static final String INVALID_ARGUMENT = "3";

  private final TraceCollector.Exchanges exchanges;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private String authorization = "";

  GrpcCall(TraceCollector.Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2HeadersFrame head) {
      var value = head.headers().get("authorization");
      authorization = value == null ? "" : value.toString();
    } else if (message instanceof Http2DataFrame data) {
      body.writeBytes(ByteBufUtil.getBytes(data.content()));
      boolean ended = data.isEndStream();
      data.release();
      if (ended) {
        var bytes = body.toByteArray();
        exchanges.onMessage(
            Arrays.copyOfRange(bytes, PREFIX, bytes.length),
            authorization,
            accepted -> answer(ctx, accepted ? OK : INVALID_ARGUMENT));
      }
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private static void answer(ChannelHandlerContext ctx, String status) {
    var head = new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
    var _ = ctx.write(new DefaultHttp2HeadersFrame(head));
    var _ = ctx.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[PREFIX])));
    var trailers = new DefaultHttp2Headers().set("grpc-status", status);
    var _ = ctx.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true));
  }
}
