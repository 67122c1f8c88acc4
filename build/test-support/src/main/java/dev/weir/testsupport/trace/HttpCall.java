package dev.weir.testsupport.trace;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** A connection that carries spans by HTTP/1.1, one after the other. Owned by its loop. */
final class HttpCall extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final TraceCollector.Exchanges exchanges;

  HttpCall(TraceCollector.Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (request.uri().equals("/v1/traces")) {
      exchanges.onMessage(
          ByteBufUtil.getBytes(request.content()),
          request.headers().get("authorization", ""),
          accepted ->
              answer(ctx, accepted ? HttpResponseStatus.OK : HttpResponseStatus.BAD_REQUEST));
    } else {
      answer(ctx, HttpResponseStatus.NOT_FOUND);
    }
  }

  private static void answer(ChannelHandlerContext ctx, HttpResponseStatus status) {
    var reply = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    reply.headers().set("content-type", "application/x-protobuf").set("content-length", 0);
    var _ = ctx.writeAndFlush(reply);
  }
}
