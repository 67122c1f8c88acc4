package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which endpoint is chosen. */
class RoundRobinTest {
  @Test
  void theTurnIsExactOverThreeEndpointsFromSeveralLoops() throws Exception {
    try (var a = RawBackend.saying("a");
        var b = RawBackend.saying("b");
        var c = RawBackend.saying("c");
        var fixture = new UpstreamsFixture(Transport.best(), 3)) {
      fixture.endpoints(a.endpoint(), b.endpoint(), c.endpoint());
      var clients = new ArrayList<TestClient>();
      for (int i = 0; i < 300; i++) {
        clients.add(
            new TestClient(fixture.loops.get(i % 2), TestRequest.get("/"))
                .start(fixture.upstreams, UpstreamsFixture.ID));
        if (i % 20 == 19) {
          clients.get(i).await();
        }
      }
      for (var client : clients) {
        client.await();
      }
      assertThat(List.of(a.requests(), b.requests(), c.requests())).containsOnly(100);
    }
  }

  @Test
  void thePositionOutlivesAChangeOfEndpoints() {
    var upstream = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
    var counts = new int[4];
    for (int i = 0; i < 400; i++) {
      upstream.replace(List.of(at(1), at(2), at(3), at(4)), gone -> {});
      counts[port(upstream, Set.of()) - 1]++;
    }
    assertThat(counts).containsOnly(100);
  }

  @Test
  void theFirstEndpointIsNotFavouredByNewUpstreams() {
    var first = new TreeSet<Integer>();
    for (int i = 0; i < 200; i++) {
      var upstream = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
      upstream.replace(List.of(at(1), at(2), at(3)), gone -> {});
      first.add(port(upstream, Set.of()));
    }
    assertThat(first).containsExactly(1, 2, 3);
  }

  @Test
  void drainingEndpointsAreUsedOnlyWhereNoOtherIsLeft() {
    var upstream = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
    upstream.replace(List.of(draining(1), at(2), draining(3)), gone -> {});
    assertThat(picks(upstream, 10, Set.of())).containsOnly(2);
    assertThat(picks(upstream, 10, Set.of(at(2)))).containsOnly(1, 3);
    upstream.replace(List.of(draining(1), draining(3)), gone -> {});
    assertThat(picks(upstream, 10, Set.of())).containsOnly(1, 3);
    upstream.replace(List.of(), gone -> {});
    assertThat(upstream.pick(Set.of())).isNull();
  }

  @Test
  void triedEndpointsAreAvoidedWhileAnotherExists() {
    var upstream = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
    upstream.replace(List.of(at(1), at(2), at(3)), gone -> {});
    assertThat(picks(upstream, 9, Set.of(at(2)))).containsOnly(1, 3);
    assertThat(picks(upstream, 9, Set.of(at(1), at(2), at(3)))).containsOnly(1, 2, 3);
  }

  @Test
  void aFailingEndpointLeavesItsTurnsEvenlyToTheOthers() {
    var upstream = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
    upstream.replace(List.of(at(1), at(2), at(3), at(4)), gone -> {});
    fail(upstream, 2);
    var picks = picks(upstream, 120, Set.of());
    assertThat(picks).doesNotContain(2);
    for (int port : new int[] {1, 3, 4}) {
      assertThat(picks.stream().filter(p -> p == port)).hasSize(40);
    }
  }

  @Test
  void whereAllFailTheyAreUsedAllTheSame() {
    var upstream = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
    upstream.replace(List.of(at(1), at(2)), gone -> {});
    fail(upstream, 1);
    fail(upstream, 2);
    assertThat(picks(upstream, 10, Set.of())).contains(1, 2);
  }

  @Test
  void anEndpointThatIsNoAddressIsLeftOut() {
    var upstream = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
    upstream.replace(
        List.of(new Endpoint("localhost", 80, "", "", false), at(0), at(2)), gone -> {});
    assertThat(picks(upstream, 4, Set.of())).containsOnly(2);
  }

  @Test
  void anUnknownUpstreamAndOneWithoutEndpointsHaveNoStream() throws Exception {
    try (var fixture = new UpstreamsFixture()) {
      assertThat(fixture.upstreams.hasEndpoints(UpstreamsFixture.ID)).isFalse();
      assertThat(fixture.start(TestRequest.get("/")).awaitKind())
          .isEqualTo(UpstreamFailure.Kind.NO_ENDPOINT);
      fixture.endpoints();
      assertThat(fixture.upstreams.hasEndpoints(UpstreamsFixture.ID)).isFalse();
      assertThat(fixture.start(TestRequest.get("/")).awaitKind())
          .isEqualTo(UpstreamFailure.Kind.NO_ENDPOINT);
      fixture.endpoints(at(1));
      assertThat(fixture.upstreams.hasEndpoints(UpstreamsFixture.ID)).isTrue();
      fixture.upstreams.apply(java.util.Map.of(), Set.of(UpstreamsFixture.ID));
      assertThat(fixture.upstreams.hasEndpoints(UpstreamsFixture.ID)).isFalse();
    }
  }

  /** F8: endpoints come and go under load, and nothing that stays is disturbed. */
  @Test
  void endpointChangesUnderLoadFailNoRequestAndKeepHealthyConnections() throws Exception {
    try (var stays = RawBackend.saying("stays");
        var flaps = RawBackend.saying("flaps");
        var fixture = new UpstreamsFixture(Transport.best(), 2)) {
      fixture.endpoints(stays.endpoint("1"));
      int rounds = 400;
      int wide = 8;
      var timeouts = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO);
      for (int i = 0; i < rounds; i++) {
        var clients =
            IntStream.range(0, wide)
                .mapToObj(
                    n -> {
                      var loop = fixture.loops.get(n % 2);
                      return new TestClient(loop, TestRequest.get("/"))
                          .start(
                              fixture.upstreams,
                              new StreamRequest(
                                  UpstreamsFixture.ID,
                                  loop,
                                  timeouts,
                                  Set.of(),
                                  StreamRequest.Reuse.ANY));
                    })
                .toList();
        if (i % 2 == 0) {
          fixture.endpoints(stays.endpoint("1"), flaps.endpoint("pod-" + i));
        } else {
          fixture.endpoints(stays.endpoint("1"));
        }
        for (var client : clients) {
          awaitOrRemoved(client);
        }
      }
      assertThat(stays.accepted()).isLessThanOrEqualTo(wide);
    }
  }

  /** A connect that meets a removal is told as one to try again; nothing else may fail. */
  private static void awaitOrRemoved(TestClient client) throws Exception {
    try {
      client.await();
    } catch (ExecutionException e) {
      var failed = TestClient.cause(e);
      assertThat(failed.failure.kind()).isEqualTo(UpstreamFailure.Kind.ENDPOINT_GONE);
    }
  }

  private static void fail(LiveUpstream upstream, int port) {
    long now = System.nanoTime();
    LiveEndpoint one;
    do {
      one = pick(upstream, Set.of());
    } while (one.endpoint().port() != port);
    // Grown to its longest, so that no test outlasts it.
    for (int i = 0; i < 10; i++) {
      one.health().connectFailed(now + i, now + i);
    }
  }

  private static List<Integer> picks(LiveUpstream upstream, int count, Set<Endpoint> tried) {
    return IntStream.range(0, count).mapToObj(i -> port(upstream, tried)).toList();
  }

  private static LiveEndpoint pick(LiveUpstream upstream, Set<Endpoint> tried) {
    return Objects.requireNonNull(upstream.pick(tried));
  }

  private static int port(LiveUpstream upstream, Set<Endpoint> tried) {
    return pick(upstream, tried).endpoint().port();
  }

  private static Endpoint at(int port) {
    return new Endpoint("127.0.0.1", port, "", "", false);
  }

  private static Endpoint draining(int port) {
    return new Endpoint("127.0.0.1", port, "", "", true);
  }
}
