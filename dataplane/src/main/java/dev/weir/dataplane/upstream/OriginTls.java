package dev.weir.dataplane.upstream;

import dev.weir.tls.UnverifiedClientTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS towards origins; made when the first origin needs it. May be used from any thread. */
final class OriginTls implements AutoCloseable {
  private @Nullable UnverifiedClientTls tls;
  private boolean closed;

  /** Makes the handlers of connections to one upstream. */
  interface Handlers {
    SslHandler newHandler(ByteBufAllocator allocator);
  }

  Handlers to(String host, int port) {
    return allocator -> client().newHandler(allocator, host, port);
  }

  private synchronized UnverifiedClientTls client() {
    var client = tls;
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (client == null) {
      try {
        client = new UnverifiedClientTls();
      } catch (SSLException e) {
        throw new IllegalStateException("TLS as a client is not to be had", e);
      }
      tls = client;
    }
    return client;
  }

  @Override
  public synchronized void close() {
    closed = true;
    var client = tls;
    tls = null;
    if (client != null) {
      client.close();
    }
  }
}
