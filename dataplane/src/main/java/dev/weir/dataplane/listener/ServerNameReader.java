package dev.weir.dataplane.listener;

import dev.weir.tls.ServerTls;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's hello for its server name, however many pieces it comes in, and makes way for
 * TLS on the terms that hold for the name. Used only where terms differ by name.
 */
final class ServerNameReader extends AbstractSniHandler<@Nullable ServerTls> {
  /** As much as a hello may take of memory (hardening.md F30). */
  private static final int LONGEST_HELLO = 1 << 16;

  private static final long MILLIS = 10_000;

  /** A fatal alert: unrecognized_name (RFC 6066 section 3), as nginx sends it. */
  private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

  private final Supplier<TlsTerms> terms;
  private final BiConsumer<ChannelHandlerContext, ServerTls> begin;

  /**
   * @param terms asked when the name is there: those of the first byte may be gone by then
   * @param begin puts TLS in this handler's place
   */
  ServerNameReader(Supplier<TlsTerms> terms, BiConsumer<ChannelHandlerContext, ServerTls> begin) {
    super(LONGEST_HELLO, MILLIS);
    this.terms = terms;
    this.begin = begin;
  }

  @Override
  protected Future<@Nullable ServerTls> lookup(
      ChannelHandlerContext ctx, @Nullable String hostname) {
    return ctx.executor().newSucceededFuture(terms.get().of(hostname));
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String hostname, Future<@Nullable ServerTls> future) {
    var tls = future.getNow();
    if (tls == null) {
      var _ =
          ctx.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME))
              .addListener(ChannelFutureListener.CLOSE);
    } else {
      begin.accept(ctx, tls);
    }
  }
}
