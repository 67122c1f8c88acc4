package dev.weir.dataplane.upstream;

import dev.weir.dataplane.telemetry.TlsHandshakes;
import dev.weir.tls.HandshakeFacts;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TLS handshake with an endpoint that was just connected to. Stands at the end of the pipeline
 * until it is over, and if it fails to the end of the channel, so that what the channel complains
 * of is told once, by the handshake's result. Owned by the channel's event loop.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

  /** Who waits for it. */
  interface Listener {
    /**
     * It is over.
     *
     * @param failure null if it went well; then nothing of this class is left in the pipeline
     */
    void onHandshake(@Nullable Throwable failure);
  }

  private TlsHandshake() {}

  /**
   * Begins; the listener is called once, on the loop.
   *
   * @param nanos that it may take
   * @param counts where it is counted
   */
  static void begin(
      SocketChannel channel,
      SslHandler handler,
      long nanos,
      TlsHandshakes counts,
      Listener listener) {
    if (!channel.isActive()) {
      // The pipeline of a channel that is gone lets go of nothing that is added to it.
      ReferenceCountUtil.release(handler.engine());
      counts.failed();
      listener.onHandshake(new ClosedChannelException());
      return;
    }
    counts.begun();
    var _ = channel.closeFuture().addListener(closed -> counts.closed());
    var guard = new TlsHandshake();
    long begun = System.nanoTime();
    // Whole milliseconds, and none at all would mean no bound.
    handler.setHandshakeTimeoutMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    channel.pipeline().addLast(new RecordGauge(), handler, guard);
    channel.read();
    var _ =
        handler
            .handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    channel.pipeline().remove(guard);
                    boolean resumed = HandshakeFacts.of(handler).resumed();
                    counts.done(resumed, System.nanoTime() - begun);
                  } else {
                    counts.failed();
                  }
                  listener.onHandshake(done.cause());
                });
  }

  /** What went wrong, in words: the engine wraps what the verifier says into a general failure. */
  static String reason(Throwable failure) {
    var text = new StringBuilder(failure.getClass().getSimpleName()).append(": ");
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return text.append(cause.getMessage()).toString();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("Handshake with {}", ctx.channel().remoteAddress(), cause);
  }
}
