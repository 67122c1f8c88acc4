package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamScheme;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.upstream.TlsServer.Asks;
import dev.weir.dataplane.upstream.UpstreamFailure.Kind;
import dev.weir.testsupport.Seed;
import dev.weir.tls.ClientTlsPolicy;
import dev.weir.tls.ServerCertificate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to endpoints that speak TLS: who shares them, and how they end. */
class UpstreamTlsTest {
  private static final ClientTlsPolicy OPEN = ClientTlsPolicy.UNVERIFIED;

  static Stream<Transport> transports() {
    return Arrays.stream(Transport.values()).filter(Transport::available);
  }

  private static ClientTlsPolicy showing(ServerCertificate certificate) {
    return new ClientTlsPolicy(OPEN.protocols(), List.of(), "", certificate, null);
  }

  private static ClientTlsPolicy verifying(String name) {
    var proof = new ClientTlsPolicy.Verification(TlsServer.services(), 1, name);
    return new ClientTlsPolicy(OPEN.protocols(), List.of(), "", null, proof);
  }

  private static RawBackend naming(Asks asks, String... versions) throws IOException {
    return new RawBackend(
        TlsServer.web(asks, versions),
        peer -> {
          while (peer.readRequest() != null) {
            peer.send(RawBackend.ok("client " + peer.client()));
          }
        });
  }

  private static TestClient start(UpstreamsFixture fixture, UpstreamTls tls, TestRequest request) {
    return start(fixture, tls, request, Timeouts.DEFAULT);
  }

  private static TestClient start(
      UpstreamsFixture fixture, UpstreamTls tls, TestRequest request, Timeouts timeouts) {
    return fixture
        .client(request)
        .start(
            fixture.upstreams,
            new StreamRequest(
                UpstreamsFixture.ID,
                tls,
                fixture.loops.getFirst(),
                timeouts,
                Set.of(),
                StreamRequest.Reuse.ANY));
  }

  private static String get(UpstreamsFixture fixture, UpstreamTls tls) throws Exception {
    return start(fixture, tls, TestRequest.get("/")).await();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aConnectionCarriesOneRequestAfterTheOther(Transport transport) throws Exception {
    try (var backend = naming(Asks.NOBODY);
        var fixture = new UpstreamsFixture(transport, 1)) {
      fixture.endpoints(backend.endpoint());
      var tls = fixture.upstreams.tls(verifying("web.test"));
      for (int i = 0; i < 20; i++) {
        assertThat(get(fixture, tls)).isEqualTo("client ");
      }
      assertThat(backend.accepted()).isEqualTo(1);
      assertThat(fixture.idle()).isEqualTo(1);
      // Before the loop ends, so that its TLS is let go of.
      fixture.upstreams.close();
      await().until(() -> backend.open() == 0);
    }
  }

  @Test
  void connectionsOfDifferentTlsAreNeverShared() throws Exception {
    long seed = Seed.get();
    var random = new Random(seed);
    var certificate = TlsServer.client("one");
    var policies =
        List.of(
            OPEN,
            showing(certificate),
            showing(TlsServer.client("two")),
            verifying("web.test"),
            new ClientTlsPolicy(OPEN.protocols(), List.of(), "web.test", null, null),
            new ClientTlsPolicy(OPEN.protocols(), List.of(), "more.test", null, null),
            new ClientTlsPolicy(List.of("TLSv1.2"), List.of(), "", null, null),
            new ClientTlsPolicy(
                OPEN.protocols(),
                List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
                "",
                null,
                null));
    var clients = List.of("", "one", "two", "", "", "", "", "");
    try (var backend = naming(Asks.WHO_LIKES);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 200; i++) {
        int which = i < policies.size() ? i : random.nextInt(policies.size());
        // Equal policies are one, whoever asks.
        var tls = fixture.upstreams.tls(policies.get(which));
        assertThat(get(fixture, tls)).as("seed " + seed).isEqualTo("client " + clients.get(which));
      }
      assertThat(backend.accepted()).isEqualTo(policies.size());
      assertThat(fixture.idle()).isEqualTo(policies.size());
    }
  }

  @Test
  void plainConnectionsAndThoseByTlsAreNeverShared() throws Exception {
    var first = new ArrayList<Integer>();
    try (var backend =
            new RawBackend(
                peer -> {
                  var bytes = peer.read(1);
                  synchronized (first) {
                    first.add((int) bytes.charAt(0));
                  }
                });
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var tls = fixture.upstreams.tls(OPEN);
      assertThat(fixture.start(TestRequest.get("/")).awaitKind())
          .isEqualTo(Kind.CLOSED_BEFORE_REPLY);
      assertThat(start(fixture, tls, TestRequest.post("/", 0)).awaitKind())
          .isEqualTo(Kind.CONNECT_FAILED);
      // A request, and the record of a handshake (RFC 8446 5.1).
      synchronized (first) {
        assertThat(first).containsExactly((int) 'G', 22);
      }
    }
  }

  private static VirtualHost host(String name, ClientTlsPolicy policy) {
    var pattern = HostPattern.of(name);
    var action =
        new RouteAction.Forward(
            UpstreamsFixture.ID, RouteAction.Status.UNAVAILABLE, new UpstreamScheme.Https(policy));
    var route =
        new Route(
            new PathMatch.Prefix("/"),
            action,
            RouteOrigin.NONE,
            List.of(),
            Timeouts.DEFAULT,
            RetryPolicy.DEFAULT);
    return new VirtualHost(pattern, "", List.of(route));
  }

  @Test
  void connectionsOfTlsThatNoHostHasAnyMoreAreClosedAndNotKept() throws Exception {
    var before = showing(TlsServer.client("before"));
    var after = showing(TlsServer.client("after"));
    try (var backend = naming(Asks.EVERYBODY);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var old = fixture.upstreams.tls(before);
      fixture.upstreams.hostsReplaced(
          List.of(), List.of(host("a.test", before), host("b.test", before)));
      assertThat(get(fixture, old)).isEqualTo("client before");
      fixture.upstreams.hostsReplaced(
          List.of(host("a.test", before)), List.of(host("a.test", after)));
      assertThat(fixture.upstreams.tls(before)).isSameAs(old);
      assertThat(get(fixture, old)).isEqualTo("client before");
      assertThat(fixture.idle()).isEqualTo(1);

      fixture.upstreams.hostsReplaced(
          List.of(host("b.test", before)), List.of(host("b.test", after)));
      await().until(() -> fixture.idle() == 0 && backend.open() == 0);
      assertThat(backend.accepted()).isEqualTo(1);
      assertThat(get(fixture, fixture.upstreams.tls(after))).isEqualTo("client after");
      // A request that began before the change and connects after it.
      assertThat(get(fixture, old)).isEqualTo("client before");
      assertThat(fixture.idle()).isEqualTo(1);
      assertThat(fixture.upstreams.tls(before)).isNotSameAs(old);
    }
  }

  @Test
  void anEndpointThatLeavesTakesItsConnectionsByTlsAlong() throws Exception {
    try (var backend = naming(Asks.NOBODY);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint("one"));
      var tls = fixture.upstreams.tls(OPEN);
      get(fixture, tls);
      fixture.endpoints(backend.endpoint("two"));
      await().until(() -> fixture.idle() == 0 && backend.open() == 0);
      get(fixture, tls);
      assertThat(backend.accepted()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aReplyThatEndsWithTheConnectionIsWholeOnlyAfterCloseNotify(String version) throws Exception {
    try (var backend =
            new RawBackend(
                TlsServer.web(Asks.NOBODY, version),
                peer -> {
                  var head = String.valueOf(peer.readRequest());
                  peer.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                  if (head.startsWith("GET /cut")) {
                    peer.cut();
                  }
                });
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var tls = fixture.upstreams.tls(OPEN);
      assertThat(get(fixture, tls)).isEqualTo("all of it");
      var cut = start(fixture, tls, TestRequest.get("/cut"));
      assertThat(cut.awaitFailure().failure.kind()).isEqualTo(Kind.CLOSED_IN_REPLY);
      assertThat(cut.awaitFailure().failure.detail()).contains("without close_notify");
      assertThat(cut.receivedText()).isEqualTo("all of it");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify", "notify and stay", "cut"})
  void aConnectionThatEndsWhileIdleIsNotUsedAgain(String how) throws Exception {
    try (var backend =
            new RawBackend(
                TlsServer.web(Asks.NOBODY),
                peer -> {
                  peer.readRequest();
                  peer.send(RawBackend.ok("x"));
                  switch (how) {
                    case "cut" -> peer.cut();
                    case "notify" -> peer.close();
                    default -> {
                      peer.socket.shutdownOutput();
                      peer.readAll();
                    }
                  }
                });
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var tls = fixture.upstreams.tls(OPEN);
      for (int i = 1; i <= 3; i++) {
        assertThat(get(fixture, tls)).isEqualTo("x");
        await().until(() -> fixture.idle() == 0 && backend.open() == 0);
        assertThat(backend.accepted()).isEqualTo(i);
      }
    }
  }

  @Test
  void aHandshakeThatNeverAnswersIsAConnectThatTakesTooLong() throws Exception {
    try (var backend = new RawBackend(peer -> peer.readAll());
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var tls = fixture.upstreams.tls(OPEN);
      var timeouts =
          new Timeouts(Duration.ofMillis(300), Duration.ofSeconds(60), Duration.ofSeconds(60));
      assertThat(start(fixture, tls, TestRequest.get("/"), timeouts).awaitKind())
          .isEqualTo(Kind.CONNECT_TIMEOUT);
      await().until(() -> backend.open() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.test", "*.test", "web"})
  void aServerThatIsSomebodyElseIsToldNothing(String name) throws Exception {
    try (var backend = naming(Asks.NOBODY);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var failure =
          start(fixture, fixture.upstreams.tls(verifying(name)), TestRequest.get("/"))
              .awaitFailure()
              .failure;
      assertThat(failure.kind()).isEqualTo(Kind.CONNECT_FAILED);
      assertThat(failure.detail()).contains("TLS: ").contains(name).doesNotContain("General");
      await().until(() -> backend.open() == 0);
      assertThat(backend.requests()).isZero();
      assertThat(get(fixture, fixture.upstreams.tls(OPEN))).isEqualTo("client ");
    }
  }

  /** With TLS 1.3 a client hears of it only after its own handshake is over. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatWantsAnotherCertificateGetsNoRequest(String version) throws Exception {
    try (var backend = naming(Asks.EVERYBODY, version);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      assertThat(start(fixture, fixture.upstreams.tls(OPEN), TestRequest.get("/")).awaitKind())
          .isIn(Kind.CONNECT_FAILED, Kind.CLOSED_BEFORE_REPLY);
      assertThat(backend.requests()).isZero();
    }
  }

  @Test
  void manyAtOnceEachGetTheirOwn() throws Exception {
    var served = new AtomicInteger();
    var tall = "y".repeat(300_000);
    try (var backend =
            new RawBackend(
                TlsServer.web(Asks.WHO_LIKES),
                peer -> {
                  while (peer.readRequest() != null) {
                    served.incrementAndGet();
                    peer.send(RawBackend.ok(peer.client() + tall));
                  }
                });
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var names = List.of("a", "b", "c");
      var tls =
          names.stream()
              .map(name -> fixture.upstreams.tls(showing(TlsServer.client(name))))
              .toList();
      for (int round = 0; round < 5; round++) {
        var clients = new ArrayList<TestClient>();
        for (int i = 0; i < 12; i++) {
          clients.add(start(fixture, tls.get(i % 3), TestRequest.get("/" + i)));
        }
        for (int i = 0; i < 12; i++) {
          assertThat(clients.get(i).await()).isEqualTo(names.get(i % 3) + tall);
        }
      }
      assertThat(served.get()).isEqualTo(60);
    }
  }
}
