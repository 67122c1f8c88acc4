package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real handshakes of the JDK's client with our server side, by both implementations. */
class ServerTlsTest {
  enum Implementation {
    BORINGSSL,
    JDK;

    ServerTls create(AtomicReference<CertificateTable> table) throws SSLException {
      return this == BORINGSSL
          ? ServerTls.create(TlsPolicy.DEFAULT, table::get)
          : ServerTls.create(TlsPolicy.DEFAULT, table::get, SslProvider.JDK, 16, new AwsLc());
    }
  }

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicReference<CertificateTable> table =
      new AtomicReference<>(CertificateTable.empty());
  private final ServerCertificate fallback = SelfSignedCertificate.forDefault(Clock.systemUTC());
  private final ServerCertificate shop =
      SelfSignedCertificate.forHost("shop.example.com", Clock.systemUTC());
  private final ServerCertificate wildcard =
      SelfSignedCertificate.forHost("*.example.com", Clock.systemUTC());

  @BeforeEach
  void fillTable() {
    table.set(
        CertificateTable.empty()
            .with(Map.of("shop.example.com", shop, "*.example.com", wildcard), Set.of(), fallback));
  }

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  @ParameterizedTest
  @EnumSource
  void serverNameChoosesExactThenWildcardThenDefault(Implementation implementation)
      throws Exception {
    try (var server = new Server(implementation.create(table))) {
      assertThat(server.shown("shop.example.com", "TLSv1.3")).isEqualTo(shop.chain());
      assertThat(server.shown("shop.example.com", "TLSv1.2")).isEqualTo(shop.chain());
      assertThat(server.shown("SHOP.example.com", "TLSv1.3")).isEqualTo(shop.chain());
      assertThat(server.shown("other.example.com", "TLSv1.3")).isEqualTo(wildcard.chain());
      assertThat(server.shown("a.b.example.com", "TLSv1.3")).isEqualTo(fallback.chain());
      assertThat(server.shown("elsewhere.org", "TLSv1.3")).isEqualTo(fallback.chain());
      assertThat(server.shown(null, "TLSv1.3")).isEqualTo(fallback.chain());
    }
  }

  @ParameterizedTest
  @EnumSource
  void newHandshakesSeeANewTableAtOnce(Implementation implementation) throws Exception {
    try (var server = new Server(implementation.create(table))) {
      for (int i = 0; i < 20; i++) {
        var rotated = SelfSignedCertificate.forHost("shop.example.com", Clock.systemUTC());
        table.set(table.get().with(Map.of("shop.example.com", rotated), Set.of(), null));
        assertThat(server.shown("shop.example.com", "TLSv1.3")).isEqualTo(rotated.chain());
      }
      table.set(table.get().with(Map.of(), Set.of("shop.example.com"), null));
      assertThat(server.shown("shop.example.com", "TLSv1.3")).isEqualTo(wildcard.chain());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
  void manyRotationsDoNotAccumulateAndNoHandshakeFails(SslProvider provider) throws Exception {
    var tls = ServerTls.create(TlsPolicy.DEFAULT, table::get, provider, 16, new AwsLc());
    try (var server = new Server(tls)) {
      for (int i = 0; i < 60; i++) {
        var rotated = SelfSignedCertificate.forHost("shop.example.com", Clock.systemUTC());
        table.set(table.get().with(Map.of("shop.example.com", rotated), Set.of(), null));
        assertThat(server.shown("shop.example.com", "TLSv1.3")).isEqualTo(rotated.chain());
      }
    }
    assertThat(tls.renewals()).isBetween(2, 4);
  }

  @ParameterizedTest
  @EnumSource
  void rsaCertificatesServeToo(Implementation implementation) throws Exception {
    var rsa = ServerCertificate.ofPem(TestPem.read("rsa-chain.crt"), TestPem.read("rsa-chain.key"));
    table.set(CertificateTable.empty().with(Map.of(), Set.of(), rsa));
    try (var server = new Server(implementation.create(table))) {
      assertThat(server.shown("rsa.example.com", "TLSv1.2")).isEqualTo(rsa.chain());
      assertThat(server.shown("rsa.example.com", "TLSv1.3")).isEqualTo(rsa.chain()).hasSize(2);
    }
  }

  @Test
  void rsaHandshakesGoOnWhenAwsLcTakesTheKeys() throws Exception {
    var rsa = ServerCertificate.ofPem(TestPem.read("rsa-chain.crt"), TestPem.read("rsa-chain.key"));
    table.set(CertificateTable.empty().with(Map.of(), Set.of(), rsa));
    var awsLc = new AwsLc();
    var tls =
        ServerTls.create(TlsPolicy.DEFAULT, table::get, SslProvider.OPENSSL_REFCNT, 16, awsLc);
    try (var server = new Server(tls)) {
      assertThat(server.shown("rsa.example.com", "TLSv1.3")).isEqualTo(rsa.chain());
      awsLc.load();
      assertThat(server.shown("rsa.example.com", "TLSv1.3")).isEqualTo(rsa.chain());
      assertThat(server.shown("rsa.example.com", "TLSv1.2")).isEqualTo(rsa.chain());
    }
  }

  @ParameterizedTest
  @EnumSource
  void oldProtocolVersionsAreRefused(Implementation implementation) throws Exception {
    try (var server = new Server(implementation.create(table))) {
      assertThatThrownBy(() -> server.shown("shop.example.com", "TLSv1.1"))
          .isInstanceOf(SSLException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAnyCertificateTheHandshakeFailsAndTheNextOneWorks(Implementation implementation)
      throws Exception {
    var full = table.get();
    table.set(CertificateTable.empty());
    try (var server = new Server(implementation.create(table))) {
      assertThatThrownBy(() -> server.shown("shop.example.com", "TLSv1.3"))
          .isInstanceOf(java.io.IOException.class);
      table.set(full);
      assertThat(server.shown("shop.example.com", "TLSv1.3")).isEqualTo(shop.chain());
    }
  }

  /** Accepts TLS on a loopback port. */
  private final class Server implements AutoCloseable {
    private final ServerTls tls;
    private final Channel channel;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    // One party for each pipeline that still has handlers, and one for close.
    private final Phaser pipelines = new Phaser(1);

    Server(ServerTls tls) {
      this.tls = tls;
      this.channel =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                      connections.add(accepted);
                      accepted.pipeline().addLast(new Presence(pipelines));
                      accepted.pipeline().addLast(tls.newHandler(accepted.alloc()));
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .syncUninterruptibly()
              .channel();
    }

    /** The chain shown to a client that asks for {@code serverName}. */
    List<X509Certificate> shown(@Nullable String serverName, String protocol) throws Exception {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      var address = (InetSocketAddress) channel.localAddress();
      try (var socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        if (serverName != null) {
          parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return java.util.Arrays.stream(socket.getSession().getPeerCertificates())
            .map(X509Certificate.class::cast)
            .toList();
      }
    }

    @Override
    public void close() {
      channel.close().syncUninterruptibly();
      connections.close().syncUninterruptibly();
      // A TLS handler lets its engine go when it is removed, which follows the close.
      pipelines.arriveAndAwaitAdvance();
      tls.close();
    }
  }

  /** The first handler of a pipeline: the last to be removed. */
  private static final class Presence extends ChannelHandlerAdapter {
    private final Phaser pipelines;

    Presence(Phaser pipelines) {
      this.pipelines = pipelines;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      pipelines.register();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      pipelines.arriveAndDeregister();
    }
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
