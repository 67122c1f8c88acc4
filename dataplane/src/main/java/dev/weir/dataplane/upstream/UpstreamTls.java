package dev.weir.dataplane.upstream;

import dev.weir.tls.ClientTls;
import dev.weir.tls.ClientTlsPolicy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS towards endpoints under one policy. Its identity keeps connections apart: those of different
 * ones never share a pool, so that no request goes out under another's certificate, or unverified
 * where a proof was asked for.
 *
 * <p>May be used from any thread.
 */
public final class UpstreamTls {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamTls.class);

  private final ClientTlsPolicy policy;
  private final ClientTls tls;
  private volatile boolean retired;

  UpstreamTls(ClientTlsPolicy policy) {
    this.policy = policy;
    this.tls = new ClientTls(policy);
  }

  /** Makes ready what the first connection needs; if that fails, connections will. */
  UpstreamTls prepared() {
    try {
      tls.prepare();
    } catch (SSLException e) {
      LOG.warn("TLS to endpoints can't be spoken as {}; its routes answer 502", policy.text(), e);
    }
    return this;
  }

  SslHandler newHandler(ByteBufAllocator allocator, LiveEndpoint endpoint) throws SSLException {
    var address = endpoint.address();
    return tls.newHandler(allocator, endpoint.endpoint().ip(), address.getPort());
  }

  /** Whether no table has it any more: its connections are used for one request at most. */
  boolean retired() {
    return retired;
  }

  /** No table has it any more; what is under way goes on. */
  void retire() {
    retired = true;
    tls.close();
  }

  @Override
  public String toString() {
    return policy.text();
  }
}
