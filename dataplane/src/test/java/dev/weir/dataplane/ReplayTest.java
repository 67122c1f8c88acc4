package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What happens between the death of a reused connection and the next try. */
class ReplayTest {
  /** A listener whose backlog is full: connects to it neither succeed nor fail. */
  private static final class Silent implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> fillers = new ArrayList<>();

    Silent() throws IOException {
      while (true) {
        var filler = new Socket();
        fillers.add(filler);
        try {
          filler.connect(server.getLocalSocketAddress(), 200);
        } catch (SocketTimeoutException e) {
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

  /** Answers a first request, takes the head and {@code bytes} of a second, dies when told to. */
  private static RawBackend dying(int bytes, CountDownLatch taken, CountDownLatch die)
      throws IOException {
    return new RawBackend(
        connection -> {
          connection.read();
          connection.reply("x");
          connection.readHead();
          connection.in().readNBytes(bytes);
          taken.countDown();
          die.await();
          connection.resetConnection();
        });
  }

  private static void connectWithin(TestPlane plane, Duration time) {
    plane.route(
        new PathMatch.Prefix("/"),
        new RouteAction.Forward(TestPlane.id("web")),
        List.of(),
        new Timeouts(time, Duration.ofSeconds(60), Duration.ofSeconds(60)));
  }

  @Test
  void aBodyThatOutgrowsItsCopyBetweenTwoTriesIsNotSentWithoutItsBeginning() throws Exception {
    var taken = new CountDownLatch(1);
    var die = new CountDownLatch(1);
    int first = 64_000;
    try (var silent = new Silent();
        var backend = dying(first, taken, die);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      connectWithin(plane, Duration.ofSeconds(2));
      assertThat(client.get("/").read().status()).isEqualTo(200);
      client.send(
          "PUT / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 100000\r\n\r\n"
              + "a".repeat(first));
      assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();
      plane.endpoints("web", List.of(silent.endpoint()));
      die.countDown();
      await().until(() -> plane.telemetry().text().contains("reason=\"dead_connection\"} 1"));
      client.send("b".repeat(100_000 - first));
      assertThat(client.read().status()).isEqualTo(502);
    }
  }

  @Test
  void theTimeADeadConnectionWaitedIsNotTakenFromTheNextConnect() throws Exception {
    var taken = new CountDownLatch(1);
    var die = new CountDownLatch(1);
    var connect = Duration.ofMillis(400);
    try (var silent = new Silent();
        var backend = dying(0, taken, die);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      connectWithin(plane, connect);
      assertThat(client.get("/").read().status()).isEqualTo(200);
      client.get("/");
      long asked = System.nanoTime();
      assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();
      plane.endpoints("web", List.of(silent.endpoint()));
      await().until(() -> System.nanoTime() - asked > connect.toNanos());
      long died = System.nanoTime();
      die.countDown();
      assertThat(client.read().status()).isEqualTo(504);
      assertThat(Duration.ofNanos(System.nanoTime() - died)).isGreaterThan(connect.dividedBy(2));
    }
  }
}
