package dev.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server side of one {@link TlsPolicy}: makes the handlers that terminate TLS.
 *
 * <p>There is one native context, not one for each certificate; the certificate is chosen in the
 * handshake from whatever table serves then. So a rotation costs nothing here, closes nothing, and
 * new handshakes see it at once. Native forms of certificates are cached by the context; since that
 * cache never forgets, the context is made anew when it holds many certificates that no longer
 * serve. Connections keep the context that they began with.
 *
 * <p>BoringSSL does the work; where no native library loads, the JDK's TLS does, with one warning.
 *
 * <p>Safe for use by all event loops.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  private static final int CACHED_CERTIFICATES = 4_096;
  private static final int MAX_STALE = 1_024;

  private final TlsPolicy policy;
  private final Supplier<CertificateTable> table;
  private final SslProvider provider;
  private final int maxStale;
  private final AwsLc awsLc;
  private volatile Generation current;
  private volatile int renewals;
  private volatile boolean closed;

  private record Generation(SslContext context, CertificateSelector selector) {}

  private ServerTls(
      TlsPolicy policy,
      Supplier<CertificateTable> table,
      SslProvider provider,
      int maxStale,
      AwsLc awsLc)
      throws SSLException {
    this.awsLc = awsLc;
    this.policy = policy;
    this.table = table;
    this.provider = provider;
    this.maxStale = maxStale;
    this.current = newGeneration();
  }

  /**
   * Sets up TLS.
   *
   * @param table asked in every handshake, on the connection's event loop; must not block
   * @throws SSLException if neither BoringSSL nor the JDK can speak the policy
   */
  public static ServerTls create(TlsPolicy policy, Supplier<CertificateTable> table)
      throws SSLException {
    if (OpenSsl.isAvailable()) {
      return new ServerTls(policy, table, SslProvider.OPENSSL_REFCNT, MAX_STALE, new AwsLc());
    }
    LOG.warn(
        "BoringSSL could not be loaded ({}); TLS is done by the JDK, which is slower. Check that"
            + " netty-tcnative-boringssl-static for this architecture is on the class path.",
        String.valueOf(OpenSsl.unavailabilityCause()));
    return new ServerTls(policy, table, SslProvider.JDK, MAX_STALE, new AwsLc());
  }

  /** As {@link #create}, by one implementation and with another bound of stale certificates. */
  static ServerTls create(
      TlsPolicy policy,
      Supplier<CertificateTable> table,
      SslProvider provider,
      int maxStale,
      AwsLc awsLc)
      throws SSLException {
    return new ServerTls(policy, table, provider, maxStale, awsLc);
  }

  /** How often the context was made anew; counted for tests. */
  int renewals() {
    return renewals;
  }

  /** {@code BoringSSL} or {@code JDK}, for the start's log line. */
  public String implementation() {
    return provider == SslProvider.JDK ? "JDK" : OpenSsl.versionString();
  }

  /** A handler for one accepted connection. */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    var generation = current;
    if (generation.selector.stale() > maxStale) {
      generation = renew();
    }
    while (!retain(generation.context)) {
      // Another loop made it anew just now.
      generation = current;
    }
    try {
      var handler = generation.context.newHandler(allocator);
      handler.setHandshakeTimeoutMillis(policy.handshakeTimeout().toMillis());
      return handler;
    } finally {
      ReferenceCountUtil.release(generation.context);
    }
  }

  /** False if the context was released before it could be held on to. */
  private boolean retain(SslContext context) {
    try {
      ReferenceCountUtil.retain(context);
      return true;
    } catch (IllegalReferenceCountException e) {
      if (closed) {
        throw new IllegalStateException("TLS was closed", e);
      }
      return false;
    }
  }

  private synchronized Generation renew() {
    var old = current;
    if (old.selector.stale() <= maxStale) {
      return old;
    }
    try {
      current = newGeneration();
      renewals++; // written under the monitor only
      // Engines retain the context they came from; this drops only our own hold.
      ReferenceCountUtil.release(old.context);
    } catch (SSLException e) {
      LOG.warn("The TLS context could not be made anew; the present one stays in use.", e);
    }
    return current;
  }

  private Generation newGeneration() throws SSLException {
    boolean jdk = provider == SslProvider.JDK;
    var selector = new CertificateSelector(table, jdk ? null : awsLc);
    var ciphers = new ArrayList<>(TlsPolicy.TLS13_CIPHERS);
    ciphers.addAll(policy.ciphers());
    var builder =
        jdk
            ? SslContextBuilder.forServer(selector)
            : SslContextBuilder.forServer(
                    new OpenSslCachingX509KeyManagerFactory(
                        new SelectorFactory(selector), CACHED_CERTIFICATES))
                .option(
                    OpenSslContextOption.PRIVATE_KEY_METHOD,
                    new RsaSigner(awsLc, selector::withheldKey));
    var context =
        builder
            .sslProvider(provider)
            .protocols(policy.protocols())
            .ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    policy.alpn()))
            .sessionCacheSize(policy.sessionCacheSize())
            .sessionTimeout(policy.sessionTimeout().toSeconds())
            .build();
    return new Generation(context, selector);
  }

  /** Drops the context; connections that use it go on. */
  @Override
  public void close() {
    closed = true;
    ReferenceCountUtil.release(current.context);
  }

  /** Presents one key manager in the form that Netty's cache of native keys wants. */
  private static final class SelectorFactory extends SimpleKeyManagerFactory {
    private final CertificateSelector selector;

    SelectorFactory(CertificateSelector selector) {
      this.selector = selector;
    }

    @Override
    protected void engineInit(KeyStore keyStore, char[] password) {
      // The selector needs no key store.
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
      // The selector needs no key store.
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {selector};
    }
  }
}
