package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.BodyLimit;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import io.netty.util.internal.PlatformDependent;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("It counts the JVM's direct memory")
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class BodyTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: shop.example.com\r\n";
  private static final int MEGABYTE = 1 << 20;

  private static void limit(TestPlane plane, long bytes) {
    plane.route(
        new PathMatch.Prefix("/"),
        new RouteAction.Forward(TestPlane.id("web")),
        List.of(new BodyLimit(bytes)),
        Timeouts.DEFAULT);
  }

  @Test
  void aBodyAsLargeAsTheLimitPassesAndOneByteMoreIs413() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var body = "x".repeat(MEGABYTE);
      client.send(POST + "Content-Length: " + MEGABYTE + "\r\n\r\n" + body);
      assertThat(client.read().body()).isEqualTo(body);
      client.send(POST + "Content-Length: " + (MEGABYTE + 1) + "\r\n\r\nabc");
      var reply = client.read();
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.readToEnd()).isEmpty();
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @Test
  void aBodyThatIsKeptForARetryDoesNotStopItself() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend)) {
      for (int size : new int[] {20_000, 64 * 1024, 100_000, MEGABYTE}) {
        try (var client = plane.client()) {
          var body = "x".repeat(size);
          for (int i = 0; i < 2; i++) {
            client.send(
                "PUT / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: "
                    + size
                    + "\r\n\r\n"
                    + body);
            assertThat(client.read().body()).isEqualTo(body);
          }
        }
      }
    }
  }

  @Test
  void aChunkedBodyIsCountedOnItsWay() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      limit(plane, 10);
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n");
      assertThat(client.read().body()).isEqualTo("abcdefghij");
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n6\r\nfghijk\r\n");
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void aBodyWithoutLimitStreamsThroughBothWays() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      limit(plane, 0);
      int size = 20 * MEGABYTE;
      var body = new byte[size];
      Arrays.fill(body, (byte) 'y');
      client.send(POST + "Content-Length: " + size + "\r\n\r\n").send(body);
      assertThat(client.read().body()).hasSize(size);
    }
  }

  @Test
  void tinyChunksAreForwardedInLargerOnes() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\nz\r\n".repeat(100_000));
      client.send("0\r\n\r\n");
      assertThat(client.read().body()).isEqualTo("z".repeat(100_000));
    }
  }

  @Test
  void continueIsSentOnlyWhenTheBodyIsWanted() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend)) {
      try (var client = plane.client()) {
        client.send(POST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertThat(client.readWithoutBody().status()).isEqualTo(100);
        assertThat(client.send("abc").read().body()).isEqualTo("abc");
        assertThat(backend.requests().element().field("expect")).isEmpty();
      }
      try (var client = plane.client()) {
        client.send(POST + "Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(413);
        assertThat(client.closedByServer()).isTrue();
      }
      try (var client = plane.client()) {
        client.send(
            "POST / HTTP/1.1\r\nHost: none\r\nExpect: 100-continue\r\n"
                + "Content-Length: 3\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(404);
        assertThat(client.closedByServer()).isTrue();
      }
    }
  }

  @Test
  void anUnreadBodyIsThrownAwayOrEndsTheConnection() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var toNobody = "POST / HTTP/1.1\r\nHost: none\r\n";
      client.send(toNobody + "Content-Length: 50000\r\n\r\n" + "a".repeat(50_000));
      assertThat(client.read().status()).isEqualTo(404);
      client.send(toNobody + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
      client.send(toNobody + "Content-Length: 70000\r\n\r\nabc");
      var last = client.read();
      assertThat(last.status()).isEqualTo(404);
      assertThat(last.field("connection")).isEqualTo("close");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void aBodyThatWaitsForLeaveAndGetsNoneEndsTheConnectionAsTheHeadSays() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: none\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      var reply = client.read();
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  /** The bytes that it sends meanwhile wait; thrown at the reply they would destroy it. */
  @Test
  void aClientThatSendsOnAndTakesALastReplyLateGetsAllOfIt() throws Exception {
    int size = 8 * MEGABYTE;
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.readHead();
                  connection.reply("x".repeat(size));
                  connection.in().readAllBytes();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      limit(plane, 0);
      client.send(POST + "Content-Length: 100000000\r\n\r\n");
      var sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 64; i++) {
                        client.send("y".repeat(64 * 1024));
                      }
                    } catch (java.io.IOException e) {
                      // The proxy takes no more than it must.
                      return;
                    }
                  });
      var reply = client.read();
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(reply.body()).hasSize(size);
      sender.join(10_000);
    }
  }

  @Test
  void aClientThatSendsAllBeforeItReadsSeesItsRefusal() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(POST + "Content-Length: " + 3 * MEGABYTE + "\r\n\r\n");
      client.send(new byte[3 * MEGABYTE]);
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void aBackendMayAnswerBeforeTheBodyIsComplete() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.readHead();
                  connection.reply("early");
                  connection.in().readAllBytes();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(POST + "Content-Length: 30\r\n\r\n0123456789");
      assertThat(client.read().body()).isEqualTo("early");
      client.send("01234567890123456789" + POST + "Content-Length: 0\r\n\r\n");
      assertThat(client.read().body()).isEqualTo("early");
    }
  }

  @Test
  void aRequestThatBreaksOffNeverLooksCompleteToTheBackend() throws Exception {
    var ended = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  try {
                    connection.readHead();
                    connection.in().readAllBytes();
                  } catch (SocketException e) {
                    ended.countDown();
                  }
                });
        var plane = TestPlane.forwardingTo(backend)) {
      try (var client = plane.client()) {
        client.send(POST + "Content-Length: 10\r\n\r\n1234");
        await().until(() -> backend.accepted() == 1);
      }
      assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aReplyThatBreaksOffBreaksOffForTheClientToo() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.get("/");
      var all = client.readToEnd();
      assertThat(all).endsWith("\r\n\r\n3\r\nabc\r\n");
    }
  }

  @Test
  void aSlowReaderHoldsTheBackendBackAndLittleMemory() throws Exception {
    var written = new AtomicLong();
    var piece = new byte[64 * 1024];
    long size = 200L * MEGABYTE;
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                  for (long sent = 0; sent < size; sent += piece.length) {
                    connection.send(piece);
                    written.addAndGet(piece.length);
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      long before = PlatformDependent.usedDirectMemory();
      client.get("/").readBytes(1000);
      var last = new AtomicLong(-1);
      await()
          .pollInterval(java.time.Duration.ofMillis(300))
          .until(() -> last.getAndSet(written.get()) == written.get());
      // Socket buffers of four sockets, and ours.
      assertThat(written.get()).isLessThan(size / 4);
      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(16L * MEGABYTE);
      client.readBytes((int) size - 1000);
      await().until(() -> written.get() == size);
    }
  }

  @Test
  void aBackendThatReadsNothingHoldsTheClientBack() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.readHead();
                  release.await();
                  connection.in().readNBytes(200 * MEGABYTE);
                  connection.reply("done");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      limit(plane, 0);
      var sent = new AtomicLong();
      var piece = new byte[64 * 1024];
      client.send(POST + "Content-Length: " + 200 * MEGABYTE + "\r\n\r\n");
      var sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (sent.get() < 200L * MEGABYTE) {
                        client.send(piece);
                        sent.addAndGet(piece.length);
                      }
                    } catch (java.io.IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      var last = new AtomicLong(-1);
      await()
          .pollInterval(java.time.Duration.ofMillis(300))
          .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
      assertThat(sent.get()).isLessThan(50L * MEGABYTE);
      release.countDown();
      assertThat(client.read().body()).isEqualTo("done");
      sender.join();
    }
  }
}
