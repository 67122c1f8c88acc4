package dev.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server side of one {@link TlsPolicy}: makes the handlers that terminate TLS.
 *
 * <p>There is one native context, not one for each certificate; the certificate is chosen in the
 * handshake from whatever table serves then. So a rotation costs nothing here, closes nothing, and
 * new handshakes see it at once. Native forms of certificates are cached by the context; since that
 * cache never forgets, the context is made anew when it holds many certificates that no longer
 * serve. Connections keep the context that they began with. Sessions are resumed within a policy
 * only.
 *
 * <p>BoringSSL does the work; where no native library loads, the JDK's TLS does, with one warning.
 *
 * <p>Safe for use by all event loops.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  private static final int CACHED_CERTIFICATES = 4_096;
  private static final int MAX_STALE = 1_024;

  /** After which a handshake that isn't over is closed (hardening.md F30). */
  private static final long HANDSHAKE_MILLIS = 10_000;

  private final TlsPolicy policy;
  private final Surroundings surroundings;
  private final SslProvider provider;
  private final int maxStale;
  private final @Nullable TicketKeys ticketKeys;
  private volatile Generation current;
  private volatile int renewals;
  private volatile boolean closed;

  private record Generation(SslContext context, CertificateSelector selector) {
    void ticketKeys(TicketKeys keys) {
      if (context instanceof ReferenceCountedOpenSslContext boring) {
        boring.sessionContext().setTicketKeys(keys.keys());
      }
    }
  }

  /**
   * What all policies share.
   *
   * @param table asked in every handshake, on the connection's event loop; must not block
   * @param staples OCSP replies
   * @param clock by which keys of tickets turn
   * @param awsLc signs with RSA keys
   */
  public record Surroundings(
      Supplier<CertificateTable> table, Staples staples, InstantSource clock, AwsLc awsLc) {
    /** With AWS-LC, which is loaded when it is first needed. */
    public Surroundings(Supplier<CertificateTable> table, Staples staples, InstantSource clock) {
      this(table, staples, clock, new AwsLc());
    }
  }

  private ServerTls(TlsPolicy policy, Surroundings surroundings, SslProvider provider, int maxStale)
      throws SSLException {
    this.policy = policy;
    this.surroundings = surroundings;
    this.provider = provider;
    this.maxStale = maxStale;
    this.ticketKeys =
        provider != SslProvider.JDK && policy.sessions().resumable()
            ? new TicketKeys(policy, surroundings.clock())
            : null;
    this.current = newGeneration();
  }

  /** Which library does the work here; warns if it is not BoringSSL. */
  public static SslProvider provider() {
    if (OpenSsl.isAvailable()) {
      return SslProvider.OPENSSL_REFCNT;
    }
    LOG.warn(
        "BoringSSL could not be loaded ({}); TLS is done by the JDK, which is slower, staples no"
            + " OCSP replies and has its own way with tickets. Check that"
            + " netty-tcnative-boringssl-static for this architecture is on the class path.",
        String.valueOf(OpenSsl.unavailabilityCause()));
    return SslProvider.JDK;
  }

  /**
   * Sets up TLS.
   *
   * @throws SSLException if the library can't speak the policy
   */
  public static ServerTls create(TlsPolicy policy, Surroundings surroundings, SslProvider provider)
      throws SSLException {
    return new ServerTls(policy, surroundings, provider, MAX_STALE);
  }

  /** As {@link #create}, with another bound of stale certificates. */
  static ServerTls create(
      TlsPolicy policy, Surroundings surroundings, SslProvider provider, int maxStale)
      throws SSLException {
    return new ServerTls(policy, surroundings, provider, maxStale);
  }

  /** How often the context was made anew; counted for tests. */
  int renewals() {
    return renewals;
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
      // Only on a context that is held: another loop may drop one at any time.
      var keys = ticketKeys;
      if (keys != null && keys.due()) {
        generation.ticketKeys(keys);
      }
      var handler = generation.context.newHandler(allocator);
      handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
      chooseOrder(handler.engine());
      return handler;
    } finally {
      ReferenceCountUtil.release(generation.context);
    }
  }

  private void chooseOrder(SSLEngine engine) {
    if (!(engine instanceof ReferenceCountedOpenSslEngine boring)) {
      var parameters = engine.getSSLParameters();
      parameters.setUseCipherSuitesOrder(policy.serverOrder());
      engine.setSSLParameters(parameters);
    } else if (!policy.serverOrder()) {
      // Netty sets it for every context and has no word to take it back.
      SSL.clearOptions(boring.sslPointer(), SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
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
    var selector =
        new CertificateSelector(
            surroundings.table(),
            policy,
            surroundings.staples(),
            jdk ? null : surroundings.awsLc());
    var ciphers = new ArrayList<String>();
    if (policy.protocols().contains("TLSv1.3")) {
      ciphers.addAll(TlsPolicy.TLS13_CIPHERS);
    }
    ciphers.addAll(policy.ciphers());
    var builder =
        jdk
            ? SslContextBuilder.forServer(selector)
            : SslContextBuilder.forServer(
                new OpenSslCachingX509KeyManagerFactory(
                    new SelectorFactory(selector), CACHED_CERTIFICATES));
    if (!jdk) {
      builder.enableOcsp(policy.stapling());
      builder.option(
          OpenSslContextOption.PRIVATE_KEY_METHOD,
          new RsaSigner(surroundings.awsLc(), selector::withheldKey));
      if (!policy.groups().isEmpty()) {
        builder.option(OpenSslContextOption.GROUPS, policy.groups().toArray(new String[0]));
      }
    }
    var context =
        builder
            .sslProvider(provider)
            .protocols(policy.protocols())
            .ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE)
            // Nobody's certificate is asked for; the usual trust store costs time and memory.
            .trustManager(new TrustsNobody())
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    policy.alpn()))
            .sessionCacheSize(policy.sessions().cacheSize())
            .sessionTimeout(policy.sessions().timeout().toSeconds())
            .build();
    var generation = new Generation(context, selector);
    if (context instanceof ReferenceCountedOpenSslContext boring) {
      boring.sessionContext().setSessionCacheEnabled(policy.sessions().cacheSize() > 0);
    }
    var keys = ticketKeys;
    if (keys != null) {
      generation.ticketKeys(keys);
    }
    return generation;
  }

  /** Drops the context; connections that use it go on. */
  @Override
  public void close() {
    closed = true;
    ReferenceCountUtil.release(current.context);
  }

  /** For a side that asks for no certificates. */
  private static final class TrustsNobody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("no client certificates are asked for");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
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
