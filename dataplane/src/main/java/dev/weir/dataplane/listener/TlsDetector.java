package dev.weir.dataplane.listener;

import dev.weir.dataplane.http.TlsSession;
import dev.weir.dataplane.model.CipherSuite;
import dev.weir.dataplane.telemetry.TlsHandshakes;
import dev.weir.tls.HandshakeFacts;
import dev.weir.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Supplier;

/**
 * Looks at the first byte on a TLS port: a handshake makes way for TLS, on the terms that hold now;
 * anything else is read as HTTP and told that it came to the wrong port (ingress-nginx.md 4.10).
 */
final class TlsDetector extends ChannelInboundHandlerAdapter {
  private static final int HANDSHAKE = 22;

  private final Supplier<TlsTerms> terms;
  private final ClientConnection connection;
  private final TlsHandshakes handshakes;

  TlsDetector(Supplier<TlsTerms> terms, ClientConnection connection, TlsHandshakes handshakes) {
    this.terms = terms;
    this.connection = connection;
    this.handshakes = handshakes;
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
      var now = terms.get();
      if (now.byName()) {
        pipeline.replace(
            this, "name", new ServerNameReader(terms, (reader, tls) -> begin(reader, tls)));
      } else {
        begin(ctx, now.usual());
      }
    } else {
      connection.refusePlainHttp();
      pipeline.remove(this);
    }
    // This handler was the first.
    pipeline.fireChannelRead(data);
  }

  /** Puts TLS in place of the handler that says so. */
  private void begin(ChannelHandlerContext ctx, ServerTls tls) {
    var handler = tls.newHandler(ctx.alloc());
    long begun = System.nanoTime();
    handshakes.begun();
    var _ = ctx.channel().closeFuture().addListener(closed -> handshakes.closed());
    var _ =
        handler
            .handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    var facts = HandshakeFacts.of(handler);
                    handshakes.done(facts.resumed(), System.nanoTime() - begun);
                    connection.secured(session(facts));
                  } else {
                    handshakes.failed();
                  }
                });
    ChannelHandler former = ctx.handler();
    ctx.pipeline().replace(former, "tls", handler);
  }

  private static TlsSession session(HandshakeFacts facts) {
    return new TlsSession(
        true,
        facts.protocol(),
        CipherSuite.textOf(facts.cipher()),
        facts.resumed() ? "r" : ".",
        facts.serverName(),
        facts.sessionId(),
        facts.alpn());
  }
}
