package dev.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The client side of one {@link ClientTlsPolicy}: makes the handlers that speak TLS to servers.
 *
 * <p>There is one native context for each policy, and with it one cache of sessions, by address and
 * port: a session can only be resumed where everything was proven that the policy asks for.
 * BoringSSL does the work; where no native library loads, the JDK's TLS does.
 *
 * <p>Safe for use by all event loops.
 */
public final class ClientTls implements AutoCloseable {
  private final ClientTlsPolicy policy;
  private final SslProvider provider;
  private final @Nullable SNIHostName name;

  /** Guarded by this: null before the first connection and after {@link #close}. */
  private @Nullable SslContext context;

  /** Guarded by this. */
  private boolean closed;

  /** Without a context yet. */
  public ClientTls(ClientTlsPolicy policy) {
    this(policy, OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
  }

  ClientTls(ClientTlsPolicy policy, SslProvider provider) {
    this.policy = policy;
    this.provider = provider;
    this.name = sni(policy.serverName());
  }

  /**
   * Makes the context now, so that the first connection needn't wait for it.
   *
   * @throws SSLException if the policy can't be spoken
   */
  public void prepare() throws SSLException {
    ReferenceCountUtil.release(hold());
  }

  /**
   * A handler for one connection. Also after {@link #close}, for whoever came late; it then has a
   * context of its own.
   *
   * @param address IP literal; sessions are kept by address and port
   * @throws SSLException if the policy can't be spoken
   */
  public SslHandler newHandler(ByteBufAllocator allocator, String address, int port)
      throws SSLException {
    var held = hold();
    try {
      var handler = held.newHandler(allocator, address, port);
      if (name != null) {
        var parameters = handler.engine().getSSLParameters();
        parameters.setServerNames(List.of(name));
        handler.engine().setSSLParameters(parameters);
      }
      return handler;
    } finally {
      // An engine holds on to its context by itself.
      ReferenceCountUtil.release(held);
    }
  }

  /** Null for none, for addresses, and for what is no host name (RFC 6066 section 3). */
  private static @Nullable SNIHostName sni(String name) {
    try {
      return name.isEmpty() || NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)
          ? null
          : new SNIHostName(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The context, with a hold on it that is the caller's. */
  private synchronized SslContext hold() throws SSLException {
    var present = context;
    if (present == null) {
      present = build();
      if (closed) {
        return present;
      }
      context = present;
    }
    return ReferenceCountUtil.retain(present);
  }

  private SslContext build() throws SSLException {
    var builder =
        SslContextBuilder.forClient()
            .sslProvider(provider)
            .protocols(policy.protocols())
            // The name is verified by ServerVerification, where it is to be.
            .endpointIdentificationAlgorithm(null);
    if (!policy.ciphers().isEmpty()) {
      var ciphers = new ArrayList<>(TlsPolicy.TLS13_CIPHERS);
      ciphers.addAll(policy.ciphers());
      builder.ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE);
    }
    var verification = policy.verification();
    if (verification == null) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else {
      builder.trustManager(new ServerVerification(verification));
    }
    var certificate = policy.certificate();
    if (certificate != null) {
      var factory = new OwnCertificate.Factory(certificate);
      builder.keyManager(
          provider == SslProvider.JDK
              ? factory
              : new OpenSslCachingX509KeyManagerFactory(factory, 1));
    }
    return builder.build();
  }

  /** Drops the context and its sessions; connections that use it go on. */
  @Override
  public synchronized void close() {
    closed = true;
    var present = context;
    context = null;
    ReferenceCountUtil.release(present);
  }
}
