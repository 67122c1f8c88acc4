package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Timeouts;
import io.netty.buffer.Unpooled;
import java.io.OutputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies, upgrades, deadlines and giving up. */
class StreamTest {
  private static final byte[] BLOCK = new byte[64 * 1024];

  static Stream<Transport> transports() {
    return PoolTest.transports();
  }

  @Test
  void aCountedBodyArrivesInPieces() throws Exception {
    RawBackend.Script script =
        peer -> {
          for (var r = peer.readRequest(); r != null; r = peer.readRequest()) {
            peer.send(RawBackend.ok(r.substring(r.indexOf("\r\n\r\n") + 4)));
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 3; i++) {
        var client = fixture.start(TestRequest.post("/", 9));
        client.send("one", false);
        client.send("two", false);
        client.send("", false);
        client.send("six", true);
        assertThat(client.await()).isEqualTo("onetwosix");
      }
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aBodyOfUnknownLengthIsChunked() throws Exception {
    var body = "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n";
    RawBackend.Script script =
        peer -> {
          for (var head = peer.readHead(); head != null; head = peer.readHead()) {
            assertThat(head).contains("Transfer-Encoding: chunked");
            peer.send(RawBackend.ok(peer.read(body.length())));
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 3; i++) {
        var client = fixture.start(TestRequest.post("/", RequestHead.UNKNOWN_LENGTH));
        client.send("one", false);
        client.send("two", false);
        client.send("", true);
        assertThat(client.await()).isEqualTo(body);
      }
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }

  /** P10: what is announced is sent, or the connection dies. */
  @Test
  void aBodyOfAnotherLengthThanAnnouncedEndsTheConnection() throws Exception {
    var received = new CompletableFuture<String>();
    RawBackend.Script script =
        peer -> {
          peer.readHead();
          var text = peer.read(3);
          assertThatThrownBy(() -> peer.read(1)).isInstanceOf(SocketException.class);
          received.complete(text);
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var client = fixture.start(TestRequest.post("/", 5));
      client.send("abc", false);
      assertThatThrownBy(() -> client.send("def", true)).isInstanceOf(IllegalStateException.class);
      assertThat(received.get()).isEqualTo("abc");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anUpgradeBecomesARawStreamBothWays(Transport transport) throws Exception {
    RawBackend.Script script =
        peer -> {
          var head = peer.readHead();
          assertThat(head).contains("Connection: upgrade", "Upgrade: websocket");
          peer.send("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\nhello ");
          assertThat(peer.read(4)).isEqualTo("ping");
          peer.send("HTTP/1.1 200 OK\r\n");
          assertThat(new String(peer.readAll(), java.nio.charset.StandardCharsets.US_ASCII))
              .isEqualTo("bye");
          peer.send("after the end");
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture(transport, 1)) {
      fixture.endpoints(backend.endpoint());
      var client = fixture.start(TestRequest.get("/ws").upgradingTo("websocket"));
      assertThat(client.head.get().status()).isEqualTo(101);
      client.send("ping", false);
      await().until(() -> client.receivedText().equals("hello HTTP/1.1 200 OK\r\n"));
      client.send("bye", true);
      assertThat(client.await()).endsWith("after the end");
      assertThat(fixture.idle()).isZero();
    }
  }

  /** F16: the reply waits in the kernel's buffers while its reader rests. */
  @ParameterizedTest
  @MethodSource("transports")
  void aReplyThatNobodyReadsIsNotBuffered(Transport transport) throws Exception {
    var sent = new AtomicLong();
    long total = 64L << 20;
    RawBackend.Script script =
        peer -> {
          peer.readRequest();
          peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
          pump(peer.socket.getOutputStream(), total, sent);
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture(transport, 1)) {
      fixture.endpoints(backend.endpoint());
      var client = fixture.client(TestRequest.get("/")).paused();
      client.start(fixture.upstreams, UpstreamsFixture.ID);
      client.head.get();
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(total / 2);
      assertThat(client.received()).isLessThanOrEqualTo(64 * 1024);
      client.resume();
      assertThat(client.await()).hasSize((int) total);
    }
  }

  /** F17: a request body stops at the high-water mark while the upstream reads nothing. */
  @Test
  void aRequestThatNobodyReadsIsNotBuffered() throws Exception {
    var go = new CountDownLatch(1);
    int total = 32 << 20;
    RawBackend.Script script =
        peer -> {
          peer.readHead();
          PoolTest.awaitQuietly(go);
          peer.send(RawBackend.ok(String.valueOf(peer.read(total).length())));
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var sent = new AtomicLong();
      var loop = fixture.loops.getFirst();
      var client =
          new TestClient(loop, TestRequest.post("/", total)) {
            @Override
            public void onWritable() {
              pour(stream.join(), sent, total);
            }
          };
      client.start(fixture.upstreams, UpstreamsFixture.ID);
      var stream = client.stream.get();
      loop.execute(() -> pour(stream, sent, total));
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(total);
      go.countDown();
      assertThat(client.await()).isEqualTo(String.valueOf(total));
    }
  }

  @Test
  void aSilentUpstreamMeetsTheReadTimeout() throws Exception {
    RawBackend.Script script = RawBackend.Peer::readAll;
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var timeouts =
          new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(5));
      var client =
          fixture.client(TestRequest.get("/")).start(fixture.upstreams, fixture.request(timeouts));
      assertThat(client.awaitKind()).isEqualTo(UpstreamFailure.Kind.READ_TIMEOUT);
      await().until(() -> backend.open() == 0);
    }
  }

  /** A body that its client sends slowly, and one that the upstream takes late. */
  @ParameterizedTest
  @ValueSource(ints = {3, 16 << 20})
  void theReadTimeoutDoesNotRunWhileTheRequestIsIncomplete(int size) throws Exception {
    var mayRead = new CountDownLatch(1);
    var mayAnswer = new CountDownLatch(1);
    RawBackend.Script script =
        peer -> {
          peer.readHead();
          PoolTest.awaitQuietly(mayRead);
          var _ = peer.read(size);
          PoolTest.awaitQuietly(mayAnswer);
          peer.send(RawBackend.ok("x"));
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var timeouts =
          new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMinutes(1));
      var client =
          fixture
              .client(TestRequest.post("/", size))
              .start(fixture.upstreams, fixture.request(timeouts));
      client.stream.get();
      boolean late = size > 3;
      if (late) {
        client.send("x".repeat(size), true);
      }
      pass(Duration.ofMillis(2500));
      mayRead.countDown();
      if (!late) {
        client.send("end", true);
      }
      // The deadlines are looked at some times before the reply.
      pass(Duration.ofMillis(300));
      mayAnswer.countDown();
      assertThat(client.await()).isEqualTo("x");
    }
  }

  private static void pass(Duration time) {
    long begun = System.nanoTime();
    await().until(() -> System.nanoTime() - begun > time.toNanos());
  }

  @Test
  void anUpstreamThatTakesNothingMeetsTheSendTimeout() throws Exception {
    var go = new CountDownLatch(1);
    RawBackend.Script script =
        peer -> {
          peer.readHead();
          PoolTest.awaitQuietly(go);
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      int total = 64 << 20;
      var timeouts =
          new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300));
      var loop = fixture.loops.getFirst();
      var sent = new AtomicLong();
      var client =
          new TestClient(loop, TestRequest.post("/", total)) {
            @Override
            public void onWritable() {
              pour(stream.join(), sent, total);
            }
          };
      client.start(fixture.upstreams, fixture.request(timeouts));
      var stream = client.stream.get();
      loop.execute(() -> pour(stream, sent, total));
      assertThat(client.awaitKind()).isEqualTo(UpstreamFailure.Kind.SEND_TIMEOUT);
      go.countDown();
    }
  }

  @Test
  void aCancelledStreamClosesItsConnectionAndSaysNothingMore() throws Exception {
    RawBackend.Script script = RawBackend.Peer::readAll;
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var client = fixture.start(TestRequest.get("/"));
      client.stream.get();
      await().until(() -> backend.open() == 1);
      client.cancel();
      await().until(() -> backend.open() == 0);
      assertThat(client.done).isNotDone();
    }
  }

  @Test
  void aHeadThatCannotBeSentLeavesItsConnectionForOthers() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var loop = fixture.loops.getFirst();
      var refused = new CompletableFuture<Throwable>();
      var client =
          new TestClient(loop, TestRequest.get("/")) {
            @Override
            public UpstreamStreamListener onStream(UpstreamStream theirs) {
              try {
                return super.onStream(theirs);
              } catch (IllegalArgumentException e) {
                refused.complete(e);
                return this;
              }
            }
          };
      client.edits().set("x", "a\r\nb");
      client.start(fixture.upstreams, UpstreamsFixture.ID);
      assertThat(refused.get()).isInstanceOf(IllegalArgumentException.class);
      assertThat(fixture.get("/")).isEqualTo("x");
      assertThat(backend.accepted()).isEqualTo(1);
      assertThat(backend.requests()).isEqualTo(1);
    }
  }

  @Test
  void anEarlyReplyIsSeenAlthoughTheUpstreamHungUp() throws Exception {
    RawBackend.Script script =
        peer -> {
          peer.readHead();
          peer.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 20; i++) {
        var client = fixture.start(TestRequest.post("/", 1 << 20));
        client.send("x".repeat(100_000), false);
        assertThat(client.await()).isEqualTo("big");
      }
    }
  }

  private static void pour(UpstreamStream stream, AtomicLong sent, int total) {
    while (stream.writable() && sent.get() < total) {
      long now = sent.addAndGet(BLOCK.length);
      stream.sendBody(Unpooled.wrappedBuffer(BLOCK), now == total);
    }
  }

  private static void pump(OutputStream out, long total, AtomicLong sent)
      throws java.io.IOException {
    while (sent.get() < total) {
      out.write(BLOCK);
      sent.addAndGet(BLOCK.length);
    }
  }

  private static void awaitStandstill(AtomicLong counter) {
    var last = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> last.getAndSet(counter.get()) == counter.get() && counter.get() > 0);
  }
}
