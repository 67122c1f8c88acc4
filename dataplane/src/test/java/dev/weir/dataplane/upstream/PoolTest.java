package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.http.RequestHead;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections are used again, and which never. */
class PoolTest {
  static Stream<Transport> transports() {
    return Arrays.stream(Transport.values()).filter(Transport::available);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aConnectionCarriesOneRequestAfterTheOther(Transport transport) throws Exception {
    try (var backend = RawBackend.saying("hello");
        var fixture = new UpstreamsFixture(transport, 1)) {
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 20; i++) {
        var client = fixture.start(TestRequest.get("/"));
        assertThat(client.await()).isEqualTo("hello");
        assertThat(client.stream.join().reused()).isEqualTo(i > 0);
      }
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }

  @Test
  void theNewestConnectionIsUsedFirst() throws Exception {
    var number = new AtomicInteger();
    var release = new Semaphore[] {new Semaphore(0), new Semaphore(0)};
    RawBackend.Script script =
        peer -> {
          int mine = number.getAndIncrement();
          while (peer.readRequest() != null) {
            release[mine].acquireUninterruptibly();
            peer.send(RawBackend.ok("connection " + mine));
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var first = fixture.start(TestRequest.get("/1"));
      await().until(() -> backend.requests() == 1);
      var second = fixture.start(TestRequest.get("/2"));
      await().until(() -> backend.requests() == 2);
      release[1].release();
      assertThat(second.await()).isEqualTo("connection 1");
      release[0].release();
      assertThat(first.await()).isEqualTo("connection 0");
      release[0].release(9);
      release[1].release(9);
      for (int i = 0; i < 5; i++) {
        assertThat(fixture.get("/")).isEqualTo("connection 0");
      }
    }
  }

  @Test
  void aFreshConnectionIsOpenedWhenAskedFor() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      fixture.get("/");
      var wanted = fixture.request(dev.weir.dataplane.model.Timeouts.DEFAULT);
      var fresh =
          new StreamRequest(
              wanted.upstream(),
              wanted.loop(),
              wanted.timeouts(),
              wanted.tried(),
              StreamRequest.Reuse.NONE);
      var client = fixture.client(TestRequest.get("/")).start(fixture.upstreams, fresh);
      client.await();
      assertThat(client.stream.join().reused()).isFalse();
      assertThat(backend.accepted()).isEqualTo(2);
    }
  }

  @Test
  void noMoreConnectionsStayIdleThanAllowed() throws Exception {
    var all = new CountDownLatch(5);
    RawBackend.Script script =
        peer -> {
          peer.readRequest();
          all.countDown();
          awaitQuietly(all);
          peer.send(RawBackend.ok("x"));
          RawBackend.serveAll(peer, RawBackend.ok("y"));
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.keepalive(2, Duration.ofSeconds(60), 100);
      fixture.endpoints(backend.endpoint());
      var clients = Stream.generate(() -> fixture.start(TestRequest.get("/"))).limit(5).toList();
      for (var client : clients) {
        client.await();
      }
      await().until(() -> backend.open() == 2);
    }
  }

  @Test
  void thousandsOfIdleConnectionsDontCloseInOneTurnOfTheLoop() throws Exception {
    int count = 2 * UnneededConnections.MOST_CLOSED + 10;
    var all = new CountDownLatch(count);
    RawBackend.Script script =
        peer -> {
          peer.readRequest();
          all.countDown();
          awaitQuietly(all);
          peer.send(RawBackend.ok("x"));
          RawBackend.serveAll(peer, RawBackend.ok("y"));
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.keepalive(count, Duration.ofSeconds(60), 100);
      fixture.endpoints(backend.endpoint());
      var clients =
          Stream.generate(() -> fixture.start(TestRequest.get("/"))).limit(count).toList();
      for (var client : clients) {
        client.await();
      }
      assertThat(fixture.idle()).isEqualTo(count);
      var loop = fixture.loops.getFirst();
      var left = new CompletableFuture<Integer>();
      loop.execute(
          () -> {
            fixture.endpoints();
            // Behind the tasks that follow from it.
            loop.execute(() -> loop.execute(() -> left.complete(fixture.upstreams.idle(loop))));
          });
      assertThat(left.get(60, TimeUnit.SECONDS)).isEqualTo(count - UnneededConnections.MOST_CLOSED);
      await().until(() -> fixture.idle() == 0 && backend.open() == 0);
    }
  }

  @Test
  void burstsOfMoreRequestsThanConnectionsAreKeptDontOpenConnectionsEachTime() throws Exception {
    var all = new CyclicBarrier(5);
    RawBackend.Script script =
        peer -> {
          while (peer.readRequest() != null) {
            awaitQuietly(all);
            peer.send(RawBackend.ok("x"));
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.keepalive(2, Duration.ofSeconds(60), 100);
      fixture.endpoints(backend.endpoint());
      for (int burst = 0; burst < 20; burst++) {
        var clients = Stream.generate(() -> fixture.start(TestRequest.get("/"))).limit(5).toList();
        for (var client : clients) {
          client.await();
        }
      }
      // 62 if each burst left two; a sweep may come in between.
      assertThat(backend.accepted()).isBetween(5, 30);
    }
  }

  @Test
  void withoutKeepAliveEachRequestHasItsConnectionAndSaysSo() throws Exception {
    RawBackend.Script script = peer -> peer.send(RawBackend.ok(String.valueOf(peer.readRequest())));
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.keepalive(0, Duration.ofSeconds(60), 100);
      fixture.endpoints(backend.endpoint());
      for (int i = 1; i <= 3; i++) {
        assertThat(fixture.get("/")).contains("Connection: close");
        assertThat(backend.accepted()).isEqualTo(i);
      }
    }
  }

  @Test
  void aConnectionEndsAfterTheRequestsItMayCarry() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = new UpstreamsFixture()) {
      fixture.keepalive(10, Duration.ofSeconds(60), 3);
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 9; i++) {
        fixture.get("/");
      }
      assertThat(backend.accepted()).isEqualTo(3);
      await().until(() -> backend.open() == 0);
    }
  }

  @Test
  void anIdleConnectionClosesWhenItsTimeIsOver() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = new UpstreamsFixture()) {
      fixture.keepalive(10, Duration.ofMillis(300), 100);
      fixture.endpoints(backend.endpoint());
      fixture.get("/");
      await().until(() -> backend.open() == 0);
      fixture.get("/");
      assertThat(backend.accepted()).isEqualTo(2);
    }
  }

  @Test
  void theUpstreamsKeepAliveTimeoutIsTakenLessOneSecond() throws Exception {
    RawBackend.Script script =
        peer ->
            RawBackend.serveAll(
                peer, "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      fixture.get("/");
      fixture.get("/");
      assertThat(backend.accepted()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "x"})
  void anIdleConnectionThatEndsOrSpeaksIsNotUsedAgain(String unasked) throws Exception {
    var go = new Semaphore(0);
    RawBackend.Script script =
        peer -> {
          peer.readRequest();
          peer.send(RawBackend.ok("first"));
          go.acquireUninterruptibly();
          peer.send(unasked);
          if (!unasked.isEmpty()) {
            peer.readAll();
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      assertThat(fixture.get("/")).isEqualTo("first");
      go.release();
      await().until(() -> fixture.idle() == 0);
      go.release();
      assertThat(fixture.get("/")).isEqualTo("first");
      assertThat(backend.accepted()).isEqualTo(2);
    }
  }

  @Test
  void theConnectionsOfARemovedEndpointCloseAtOnceAndRequestsUnderWayFinish() throws Exception {
    var go = new CountDownLatch(1);
    RawBackend.Script script =
        peer -> {
          for (var head = peer.readRequest(); head != null; head = peer.readRequest()) {
            if (head.startsWith("GET /slow")) {
              awaitQuietly(go);
            }
            peer.send(RawBackend.ok("done"));
          }
        };
    try (var old = new RawBackend(script);
        var other = RawBackend.saying("other");
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(old.endpoint());
      var slow = fixture.start(TestRequest.get("/slow"));
      await().until(() -> old.requests() == 1);
      fixture.get("/");
      assertThat(old.open()).isEqualTo(2);
      fixture.endpoints(other.endpoint());
      assertThat(fixture.get("/")).isEqualTo("other");
      await().until(() -> old.open() == 1);
      go.countDown();
      assertThat(slow.await()).isEqualTo("done");
      await().until(() -> old.open() == 0);
    }
  }

  @Test
  void anotherPodAtTheSameAddressGetsNoOldConnection() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint("pod-1"));
      fixture.get("/");
      fixture.endpoints(backend.endpoint("pod-2"));
      fixture.get("/");
      assertThat(backend.accepted()).isEqualTo(2);
      fixture.endpoints();
      fixture.endpoints(backend.endpoint("pod-2"));
      fixture.get("/");
      assertThat(backend.accepted()).isEqualTo(3);
    }
  }

  @Test
  void aChangeOfZoneOrDrainingKeepsTheConnections() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = new UpstreamsFixture()) {
      var endpoint = backend.endpoint("pod");
      fixture.endpoints(endpoint);
      fixture.get("/");
      fixture.endpoints(
          new dev.weir.dataplane.model.Endpoint(
              endpoint.ip(), endpoint.port(), "pod", "zone-b", true));
      fixture.get("/");
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }

  /** hardening.md 5.1, 3: what the retry rule needs to know. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReusedConnectionThatDiesBeforeItsReplySaysSo(boolean reset) throws Exception {
    RawBackend.Script script =
        peer -> {
          peer.readRequest();
          peer.send(RawBackend.ok("first"));
          peer.readRequest();
          if (reset) {
            peer.reset();
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 3; i++) {
        var first = fixture.start(TestRequest.get("/"));
        assertThat(first.await()).isEqualTo("first");
        assertThat(first.stream.join().reused()).isFalse();
        var second = fixture.start(TestRequest.get("/"));
        assertThat(second.awaitKind()).isEqualTo(UpstreamFailure.Kind.CLOSED_BEFORE_REPLY);
        assertThat(second.stream.join().reused()).isTrue();
      }
    }
  }

  /** hardening.md section 3, rule 5: a reply before the end of the request ends the connection. */
  @Test
  void anEarlyReplyIsDeliveredAndItsConnectionNotReused() throws Exception {
    RawBackend.Script script =
        peer -> {
          peer.readHead();
          peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
          peer.readAll();
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      for (long length : new long[] {1000, RequestHead.UNKNOWN_LENGTH}) {
        var client = fixture.start(TestRequest.post("/", length));
        client.send("some", false);
        assertThat(client.await()).isEqualTo("big");
        assertThat(client.head.join().status()).isEqualTo(413);
        client.send("more", false);
        await().until(() -> backend.open() == 0);
      }
    }
  }

  /** hardening.md 5.1, 4: what a close teaches is kept for the endpoint. */
  @Test
  void theIdleLimitOfAnEndpointIsLearnt() throws Exception {
    RawBackend.Script script =
        peer -> {
          peer.socket.setSoTimeout(800);
          try {
            RawBackend.serveAll(peer, RawBackend.ok("x"));
          } catch (java.net.SocketTimeoutException e) {
            return;
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      fixture.get("/");
      await().until(() -> backend.open() == 0);
      fixture.get("/");
      assertThat(backend.accepted()).isEqualTo(2);
      long opened = System.nanoTime();
      await().until(() -> System.nanoTime() - opened > 550_000_000L);
      assertThat(fixture.start(TestRequest.get("/")).stream.get().reused()).isFalse();
    }
  }

  static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void awaitQuietly(CyclicBarrier barrier) {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
