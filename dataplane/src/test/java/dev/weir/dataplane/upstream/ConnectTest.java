package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Endpoints that can't be connected to, and the address families. */
class ConnectTest {
  /** A port that never answers: its queue of connections is full, so that packets are dropped. */
  static final class Silent implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> fillers = new ArrayList<>();

    Silent() throws IOException {
      while (true) {
        var filler = new Socket();
        fillers.add(filler);
        try {
          filler.connect(server.getLocalSocketAddress(), 200);
        } catch (java.net.SocketTimeoutException e) {
          return;
        }
      }
    }

    Endpoint endpoint() {
      return new Endpoint("127.0.0.1", server.getLocalPort(), "silent", "", false);
    }

    @Override
    public void close() throws IOException {
      for (var filler : fillers) {
        filler.close();
      }
      server.close();
    }
  }

  @Test
  void aRefusedConnectIsToldWithItsEndpoint() throws Exception {
    try (var fixture = new UpstreamsFixture()) {
      var nobody = nobody();
      fixture.endpoints(nobody);
      var failed = fixture.start(TestRequest.get("/")).awaitFailure();
      assertThat(failed.failure.kind()).isEqualTo(UpstreamFailure.Kind.CONNECT_FAILED);
      assertThat(failed.endpoint).isEqualTo(nobody);
    }
  }

  @Test
  void theOnlyEndpointMayTakeAllOfTheConnectTime() throws Exception {
    try (var silent = new Silent();
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(silent.endpoint());
      long begun = System.nanoTime();
      var client = connecting(fixture, Duration.ofMillis(2600));
      assertThat(client.awaitKind()).isEqualTo(UpstreamFailure.Kind.CONNECT_TIMEOUT);
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofMillis(2500), Duration.ofSeconds(30));
    }
  }

  @Test
  void aTryEndsAfterTwoSecondsWhereAnotherEndpointIsLeft() throws Exception {
    try (var silent = new Silent();
        var other = RawBackend.saying("other");
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(silent.endpoint(), other.endpoint());
      long begun = System.nanoTime();
      // Far longer than anything here waits: it is not the time that ends the try.
      var first = connecting(fixture, Duration.ofMinutes(30));
      var second = connecting(fixture, Duration.ofMinutes(30));
      assertThat(settled(first, second)).containsExactlyInAnyOrder("other", "CONNECT_TIMEOUT");
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThanOrEqualTo(Duration.ofMillis(1900));
    }
  }

  @Test
  void anEndpointThatRefusesIsAvoidedForAWhile() throws Exception {
    try (var works = RawBackend.saying("works");
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(nobody(), works.endpoint());
      int failed = 0;
      for (int i = 0; i < 40; i++) {
        var client = fixture.start(TestRequest.get("/"));
        try {
          assertThat(client.await()).isEqualTo("works");
        } catch (ExecutionException e) {
          failed++;
        }
      }
      assertThat(failed).isBetween(1, 4);
    }
  }

  @Test
  void anotherTryGoesElsewhere() throws Exception {
    try (var works = RawBackend.saying("works");
        var fixture = new UpstreamsFixture()) {
      var nobody = nobody();
      fixture.endpoints(nobody, works.endpoint());
      for (int i = 0; i < 10; i++) {
        var loop = fixture.loops.getFirst();
        var request =
            new StreamRequest(
                UpstreamsFixture.ID,
                loop,
                Timeouts.DEFAULT,
                Set.of(nobody),
                i % 2 == 0 ? StreamRequest.Reuse.NONE : StreamRequest.Reuse.ANY);
        var client = fixture.client(TestRequest.get("/")).start(fixture.upstreams, request);
        assertThat(client.await()).isEqualTo("works");
      }
    }
  }

  @Test
  void ipv6EndpointsAreConnectedTo() throws Exception {
    try (var backend = new RawBackend("::1", p -> RawBackend.serveAll(p, RawBackend.ok("six")));
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(new Endpoint("::1", backend.port(), "", "", false));
      assertThat(fixture.get("/")).isEqualTo("six");
      assertThat(fixture.get("/")).isEqualTo("six");
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aCancelledConnectIsNotHeardOfAgain() throws Exception {
    try (var silent = new Silent();
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(silent.endpoint());
      var client = connecting(fixture, Duration.ofMillis(300));
      client.cancel();
      long begun = System.nanoTime();
      await().until(() -> System.nanoTime() - begun > 600_000_000L);
      assertThat(client.done).isNotDone();
    }
  }

  /** F13: a connect that ends after its endpoint was removed carries nothing. */
  @Test
  void aConnectThatEndsAfterTheRemovalCarriesNothing() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var loop = fixture.loops.getFirst();
      var client = fixture.client(TestRequest.get("/"));
      // In one turn of the loop: the connect can't end before the removal.
      loop.submit(
              () -> {
                client.startNow(fixture.upstreams, fixture.request(Timeouts.DEFAULT));
                fixture.endpoints();
              })
          .sync();
      assertThat(client.awaitKind()).isEqualTo(UpstreamFailure.Kind.ENDPOINT_GONE);
      await().until(() -> backend.open() == 0);
      assertThat(backend.requests()).isZero();
    }
  }

  private static List<String> settled(TestClient... clients) throws Exception {
    var outcomes = new ArrayList<String>();
    for (var client : clients) {
      try {
        outcomes.add(client.await());
      } catch (ExecutionException e) {
        outcomes.add(TestClient.cause(e).failure.kind().name());
      }
    }
    return outcomes;
  }

  private static TestClient connecting(UpstreamsFixture fixture, Duration connect) {
    var timeouts = new Timeouts(connect, Duration.ofSeconds(5), Duration.ofSeconds(5));
    return fixture.client(TestRequest.get("/")).start(fixture.upstreams, fixture.request(timeouts));
  }

  /** A port that was free a moment ago. */
  private static Endpoint nobody() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.9"))) {
      return new Endpoint("127.0.0.9", server.getLocalPort(), "", "", false);
    }
  }
}
