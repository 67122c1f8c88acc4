package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testsupport.Authority;
import dev.weir.testsupport.Authority.Use;
import dev.weir.testsupport.Identity;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real handshakes of our client side with the JDK's server, by both implementations. */
class ClientTlsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Authority ROOT = Authority.root("root");
  private static final Authority OTHER = Authority.root("other");
  private static final Authority OLD = Authority.root("old", DAY.negated());
  private static final Authority ONE_BELOW = ROOT.below("one");
  private static final Authority TWO_BELOW = ONE_BELOW.below("two");
  private static final List<String> BOTH = List.of("TLSv1.2", "TLSv1.3");

  enum Implementation {
    BORINGSSL,
    JDK;

    ClientTls create(ClientTlsPolicy policy) {
      if (this == BORINGSSL) {
        assertThat(OpenSsl.isAvailable()).isTrue();
      }
      return new ClientTls(
          policy, this == BORINGSSL ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
    }
  }

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** What a server shows, whom the client trusts how far, and whether that goes together. */
  static Stream<Arguments> proofs() {
    return Stream.concat(names(), paths())
        .flatMap(
            proof -> Arrays.stream(Implementation.values()).map(by -> Arguments.of(proof, by)));
  }

  private static Stream<Proof> names() {
    var web = ROOT.issue("a.example", "*.wild.example");
    var ended = ROOT.issue(Use.ANY, DAY.negated(), "a.example");
    var servers = ROOT.issue(Use.SERVERS, DAY, "a.example");
    var clients = ROOT.issue(Use.CLIENTS, DAY, "a.example");
    return Stream.of(
        new Proof("its name", web, ROOT, 1, "a.example", true),
        new Proof("a wildcard's name", web, ROOT, 1, "b.wild.example", true),
        new Proof("two labels for a wildcard", web, ROOT, 1, "c.b.wild.example", false),
        new Proof("another name", web, ROOT, 1, "b.example", false),
        new Proof("its address in place of a name", web, ROOT, 1, "127.0.0.1", false),
        new Proof("another authority", web, OTHER, 1, "a.example", false),
        new Proof("an authority of the past", OLD.issue("a.example"), OLD, 1, "a.example", false),
        new Proof("a certificate of the past", ended, ROOT, 1, "a.example", false),
        new Proof("a certificate for servers", servers, ROOT, 1, "a.example", true),
        new Proof("a certificate for clients", clients, ROOT, 1, "a.example", false));
  }

  private static Stream<Proof> paths() {
    var one = ONE_BELOW.issue("a.example");
    var two = TWO_BELOW.issue("a.example");
    var alone = withoutIntermediates(one);
    return Stream.of(
        new Proof("one in between, depth 1", one, ROOT, 1, "a.example", true),
        new Proof("one in between, depth 0", one, ROOT, 0, "a.example", false),
        new Proof("two in between, depth 2", two, ROOT, 2, "a.example", true),
        new Proof("two in between, depth 1", two, ROOT, 1, "a.example", false),
        new Proof("the lower of two trusted", two, TWO_BELOW, 0, "a.example", true),
        new Proof("one in between that isn't sent", alone, ROOT, 5, "a.example", false));
  }

  private static Identity withoutIntermediates(Identity whole) {
    return new Identity(List.of(whole.chain().getFirst()), whole.key());
  }

  record Proof(
      String what, Identity shown, Authority trusted, int depth, String name, boolean good) {
    ClientTlsPolicy policy() throws InvalidCertificateException {
      var roots = TrustedCertificates.ofPem(trusted.pem().getBytes(StandardCharsets.US_ASCII));
      return new ClientTlsPolicy(
          BOTH, List.of(), "", null, new ClientTlsPolicy.Verification(roots, depth, name));
    }

    @Override
    public String toString() {
      return what;
    }
  }

  @ParameterizedTest
  @MethodSource("proofs")
  void aServerPassesOnlyWithACertificateThatProvesItsName(Proof proof, Implementation by)
      throws Exception {
    try (var server = new Server(proof.shown().serverContext(null), false);
        var tls = by.create(proof.policy())) {
      var failure = handshake(tls, server);
      if (proof.good()) {
        assertThat(failure).isNull();
        assertThat(server.seen()).isEqualTo(new Seen("", ""));
      } else {
        assertThat(failure).isInstanceOf(SSLException.class);
        assertThat(server.failed()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anybodyPassesWhereNothingIsToBeProven(Implementation by) throws Exception {
    var shown = OTHER.issue(Use.CLIENTS, DAY.dividedBy(2).negated(), "x");
    try (var server = new Server(shown.serverContext(null), false);
        var tls = by.create(ClientTlsPolicy.UNVERIFIED)) {
      assertThat(handshake(tls, server)).isNull();
      assertThat(server.seen()).isEqualTo(new Seen("", ""));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerIsToldTheNameAndShownTheCertificate(Implementation by) throws Exception {
    var clients = Authority.root("clients");
    var own = clients.below("more clients").issue("proxy");
    for (var version : BOTH) {
      var policy =
          new ClientTlsPolicy(List.of(version), List.of(), "name.example", pair(own), null);
      try (var server = new Server(ROOT.issue("a").serverContext(clients), true);
          var tls = by.create(policy)) {
        assertThat(handshake(tls, server)).isNull();
        assertThat(server.seen()).isEqualTo(new Seen("name.example", "CN=proxy"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoHostNameIsNotTold(Implementation by) throws Exception {
    for (var name : List.of("my_name.example", "127.0.0.1", "::1")) {
      var policy = new ClientTlsPolicy(BOTH, List.of(), name, null, null);
      try (var server = new Server(ROOT.issue("a").serverContext(null), false);
          var tls = by.create(policy)) {
        assertThat(handshake(tls, server)).isNull();
        assertThat(server.seen()).isEqualTo(new Seen("", ""));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateIsShownToServersThatTrustOthersToo(Implementation by) throws Exception {
    var policy =
        new ClientTlsPolicy(List.of("TLSv1.2"), List.of(), "", pair(OTHER.issue("proxy")), null);
    try (var server = new Server(ROOT.issue("a").serverContext(ROOT), true);
        var tls = by.create(policy)) {
      assertThat(handshake(tls, server)).isInstanceOf(SSLException.class);
      assertThat(server.failed()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheCiphersThatAreListedAreSpoken(Implementation by) throws Exception {
    var cipher = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    var policy = new ClientTlsPolicy(List.of("TLSv1.2"), List.of(cipher), "", null, null);
    try (var server = new Server(ROOT.issue("a").serverContext(null), false);
        var tls = by.create(policy)) {
      assertThat(handshake(tls, server)).isNull();
      server.seen();
      server.speak("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
      assertThat(handshake(tls, server)).isInstanceOf(SSLException.class);
      assertThat(server.failed()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionIsResumed(Implementation by) throws Exception {
    var policy = new ClientTlsPolicy(List.of("TLSv1.2"), List.of(), "", null, null);
    try (var server = new Server(ROOT.issue("a").serverContext(null), false);
        var tls = by.create(policy)) {
      assertThat(handshake(tls, server)).isNull();
      var first = server.session();
      assertThat(handshake(tls, server)).isNull();
      assertThat(server.session()).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesAfterTheCloseStillGetsAHandler(Implementation by) throws Exception {
    try (var server = new Server(ROOT.issue("a").serverContext(null), false)) {
      var tls = by.create(ClientTlsPolicy.UNVERIFIED);
      tls.close();
      assertThat(handshake(tls, server)).isNull();
      tls.close();
    }
  }

  private static ServerCertificate pair(Identity identity) throws InvalidCertificateException {
    return ServerCertificate.ofPem(
        identity.certificatePem().getBytes(StandardCharsets.US_ASCII),
        identity.keyPem().getBytes(StandardCharsets.US_ASCII));
  }

  /** Why it failed; null if it didn't. Bytes go both ways after one that didn't. */
  private @Nullable Throwable handshake(ClientTls tls, Server server) throws Exception {
    var answers = new ArrayBlockingQueue<String>(10);
    Channel channel =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(InetAddress.getLoopbackAddress(), server.port())
            .sync()
            .channel();
    var handler = tls.newHandler(channel.alloc(), "127.0.0.1", server.port());
    channel.pipeline().addLast(handler, new Answers(answers));
    try {
      var handshake = handler.handshakeFuture().await();
      if (handshake.isSuccess()) {
        channel.writeAndFlush(Unpooled.copiedBuffer("?", StandardCharsets.US_ASCII)).sync();
        assertThat(answers.poll(60, TimeUnit.SECONDS)).isEqualTo("!");
      }
      return handshake.cause();
    } finally {
      channel.close().sync();
    }
  }

  private static final class Answers extends ChannelInboundHandlerAdapter {
    private final BlockingQueue<String> answers;

    Answers(BlockingQueue<String> answers) {
      this.answers = answers;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      answers.add(((io.netty.buffer.ByteBuf) message).toString(StandardCharsets.US_ASCII));
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // The handshake's future tells of it.
      var _ = ctx.close();
    }
  }

  /** What a server learned of a client. */
  record Seen(String name, String client) {}

  /** Answers one byte a connection. */
  private static final class Server implements AutoCloseable {
    private static final Seen FAILED = new Seen("", "failed");

    private final SSLServerSocket socket;
    private final BlockingQueue<Seen> seen = new ArrayBlockingQueue<>(10);
    private final BlockingQueue<String> sessions = new ArrayBlockingQueue<>(10);
    private volatile String @Nullable [] ciphers;

    Server(SSLContext context, boolean asks) throws IOException {
      socket =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      socket.setNeedClientAuth(asks);
      Thread.ofVirtual().start(this::run);
    }

    int port() {
      return socket.getLocalPort();
    }

    void speak(String... only) {
      ciphers = only;
    }

    Seen seen() throws InterruptedException {
      return Objects.requireNonNull(seen.poll(60, TimeUnit.SECONDS));
    }

    boolean failed() throws InterruptedException {
      return seen().equals(FAILED);
    }

    String session() throws InterruptedException {
      return Objects.requireNonNull(sessions.poll(60, TimeUnit.SECONDS));
    }

    private void run() {
      while (!socket.isClosed()) {
        try (var client = (SSLSocket) socket.accept()) {
          serve(client);
        } catch (IOException e) {
          seen.add(FAILED);
        }
      }
    }

    private void serve(SSLSocket client) throws IOException {
      var only = ciphers;
      if (only != null) {
        client.setEnabledCipherSuites(only);
      }
      if (client.getInputStream().read() < 0) {
        seen.add(FAILED);
        return;
      }
      var session = (ExtendedSSLSession) client.getSession();
      var names = session.getRequestedServerNames();
      seen.add(
          new Seen(
              names.isEmpty()
                  ? ""
                  : new String(names.getFirst().getEncoded(), StandardCharsets.US_ASCII),
              client.getNeedClientAuth() ? session.getPeerPrincipal().getName() : ""));
      sessions.add(Arrays.toString(session.getId()));
      client.getOutputStream().write('!');
      client.getOutputStream().flush();
      // Until the client closes.
      client.getInputStream().read();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
