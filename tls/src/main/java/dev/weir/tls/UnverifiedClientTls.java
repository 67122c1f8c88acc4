package dev.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;

/**
 * The client side of TLS towards servers whose certificate nobody verifies: authentication services
 * named by {@code auth-url}, as in ingress-nginx, where they mostly are services of the cluster
 * with certificates of their own making. It keeps out who only listens, not who stands between.
 *
 * <p>Safe for use by all event loops.
 */
public final class UnverifiedClientTls implements AutoCloseable {
  private final SslContext context;

  /**
   * TLS 1.2 and 1.3.
   *
   * @throws SSLException if neither BoringSSL nor the JDK can speak them
   */
  public UnverifiedClientTls() throws SSLException {
    context =
        SslContextBuilder.forClient()
            .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .build();
  }

  /**
   * A handler for one connection.
   *
   * @param host sent as server name unless it is an IP literal
   */
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    return context.newHandler(allocator, host, port);
  }

  /** Drops the context; connections that use it go on. */
  @Override
  public void close() {
    ReferenceCountUtil.release(context);
  }
}
