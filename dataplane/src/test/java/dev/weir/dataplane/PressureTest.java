package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.overload.OverloadConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What clients notice while something is scarce (hardening.md F18, F19, F28, F33). */
@Isolated("It sees how long tasks wait for their loops")
class PressureTest {
  private static final int RESERVE = 32;

  private volatile double heap;
  private volatile double directMemory;

  private OverloadConfig config(long descriptors) {
    return new OverloadConfig(
        Duration.ofMillis(5),
        () -> heap,
        () -> directMemory,
        RESERVE + descriptors,
        () -> 0,
        () -> 0);
  }

  private TestPlane plane(long descriptors) throws Exception {
    var plane = TestPlane.pressed(config(descriptors));
    plane.awaitLevel("heap", 0);
    return plane;
  }

  private void heap(TestPlane plane, double reading, int level) {
    heap = reading;
    plane.awaitLevel("heap", level);
  }

  private static RawClient from(TestPlane plane, String address) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plane.port()), 10_000);
    return new RawClient(socket, plane.port());
  }

  private static int status(RawClient client) throws IOException {
    return client.send("GET / HTTP/1.1\r\nHost: none\r\n\r\n").read().status();
  }

  @Test
  void idleConnectionsAreClosedEarlyAtFirst() throws Exception {
    try (var plane = plane(1000);
        var idle = plane.client()) {
      assertThat(status(idle)).isEqualTo(404);
      heap(plane, 0.75, 1);
      // 75 s without that, and the client would not wait for so long.
      assertThat(idle.closedByServer()).isTrue();
    }
  }

  @Test
  void thenConnectionsEndWithTheirReply() throws Exception {
    try (var plane = plane(1000);
        var idle = plane.client();
        var busy = plane.client()) {
      assertThat(status(idle)).isEqualTo(404);
      heap(plane, 0.85, 2);
      busy.send("GET / HTTP/1.1\r\nHost: none\r\n\r\n");
      assertThat(busy.read().field("connection")).isEqualTo("close");
      assertThat(busy.closedByServer()).isTrue();
      assertThat(idle.closedByServer()).isTrue();
      heap(plane, 0.5, 0);
      try (var later = plane.client()) {
        assertThat(status(later)).isEqualTo(404);
        assertThat(status(later)).as("kept alive again").isEqualTo(404);
      }
    }
  }

  @Test
  void thenNewRequestsAreShedButHealthChecksAreNot() throws Exception {
    try (var backend = RawBackend.answering("web");
        var plane = plane(1000)) {
      plane.forwardTo(backend);
      directMemory = 0.92;
      plane.awaitLevel("direct_memory", 3);
      try (var client = plane.client()) {
        var reply = client.get("/").read();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.field("retry-after")).isEqualTo("5");
        assertThat(reply.field("connection")).isEqualTo("close");
      }
      try (var client = plane.client()) {
        client.send("POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(client.read().status()).isEqualTo(503);
        assertThat(client.closedByServer()).isTrue();
      }
      try (var client = plane.client()) {
        client.send("GET /healthz HTTP/1.1\r\nHost: none\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
      }
      try (var client = plane.client()) {
        assertThat(client.get("/healthz").read().status()).as("a backend's own").isEqualTo(503);
      }
      assertThat(backend.requests()).isEmpty();
      assertThat(plane.telemetry().text())
          .contains("weir_overload_shed_requests_total{reason=\"direct_memory\"} 3\n");
      directMemory = 0.1;
      plane.awaitLevel("direct_memory", 0);
      try (var client = plane.client()) {
        assertThat(client.get("/").read().body()).isEqualTo("web");
      }
    }
  }

  @Test
  void clientsOfHttp2AreToldToGoAndNewStreamsAreShed() throws Exception {
    try (var backend = RawBackend.answering("web");
        var plane = plane(1000)) {
      plane.forwardTo(backend);
      try (var client = Http2Client.connect(plane.port())) {
        assertThat(client.await(client.get("/")).body()).isEqualTo("web");
        heap(plane, 0.85, 2);
        assertThat(client.awaitGoAways(2).getLast().code()).isZero();
      }
      heap(plane, 0.92, 3);
      try (var client = Http2Client.connect(plane.port())) {
        var reply = client.await(client.get("/"));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.field("retry-after")).isEqualTo("5");
      }
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @Test
  void inTheEndNobodyIsAcceptedUntilItIsBetter() throws Exception {
    try (var plane = plane(1000)) {
      heap(plane, 0.97, 4);
      try (var waits = notAccepted(plane)) {
        waits.socket().setSoTimeout(60_000);
        heap(plane, 0.1, 0);
        assertThat(waits.read().status()).isEqualTo(404);
      }
    }
  }

  /** The listener may accept one more after it was told. */
  private static RawClient notAccepted(TestPlane plane) throws IOException {
    while (true) {
      var client = plane.client();
      client.send("GET / HTTP/1.1\r\nHost: none\r\n\r\n");
      client.socket().setSoTimeout(300);
      boolean silent = client.isSilent();
      // Whatever was there to be accepted has been by then.
      plane.plane().onEachLoop(() -> {});
      plane.plane().onEachLoop(() -> {});
      if (silent && plane.plane().connections() == 0) {
        return client;
      }
      client.close();
      await().until(() -> plane.plane().connections() == 0);
    }
  }

  @Test
  void acceptingRestsWhileThereAreAsManyClientsAsThereMayBe() throws Exception {
    // 20 sockets, 16 of them for clients.
    try (var plane = plane(20)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        // Whole requests would be answered, and their connections ended before there are enough.
        clients.add(plane.client().send("GET / HTTP/1.1\r\n"));
      }
      plane.awaitLevel("descriptors", 4);
      assertThat(plane.plane().connections()).isLessThanOrEqualTo(16);
      for (var client : clients) {
        client.send("Host: none\r\n\r\n");
      }
      for (var client : clients) {
        assertThat(client.read().status()).isEqualTo(404);
        client.close();
      }
      plane.awaitLevel("descriptors", 0);
      assertThat(plane.telemetry().text())
          .contains("weir_overload_refused_connections_total{reason=\"all\"} 0\n");
    }
  }

  @Test
  void acceptingGoesOnThoughItWasEndpointsThatHadTheRoom() throws Exception {
    var end = new CountDownLatch(1);
    // 20 sockets, 16 of them for clients at most.
    try (var deaf =
            new RawBackend(
                connection -> {
                  var _ = connection.readHead();
                  end.await();
                });
        var plane = plane(20)) {
      List<RawClient> clients = new ArrayList<>();
      for (var service : List.of("a", "b", "c")) {
        plane.endpoints(service, List.of(deaf.endpoint()));
        plane.route(new PathMatch.Prefix("/" + service), service);
        clients.add(plane.client().get("/" + service));
        clients.add(plane.client().get("/" + service));
      }
      await().until(() -> plane.telemetry().text().contains("weir_sockets{peer=\"endpoint\"} 6\n"));
      for (int i = 0; i < 12; i++) {
        clients.add(plane.client().send("GET / HTTP/1.1\r\n"));
      }
      plane.awaitLevel("descriptors", 4);
      assertThat(plane.plane().connections()).isLessThanOrEqualTo(14);
      end.countDown();
      for (var client : clients) {
        client.close();
      }
      plane.awaitLevel("descriptors", 0);
      try (var later = plane.client()) {
        assertThat(status(later)).isEqualTo(404);
      }
    } finally {
      end.countDown();
    }
  }

  @Test
  void oneSourceHasNoMoreConnectionsThanItMay() throws Exception {
    try (var plane = plane(1000)) {
      plane.settings(ProxySettings.DEFAULT.connectionsPerSource(3));
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(plane.client());
        assertThat(status(clients.getLast())).isEqualTo(404);
      }
      try (var tooMany = plane.client()) {
        assertThat(tooMany.isCutOff()).isTrue();
      }
      try (var other = from(plane, "127.0.0.2")) {
        assertThat(status(other)).isEqualTo(404);
      }
      assertThat(plane.telemetry().text())
          .contains("weir_overload_refused_connections_total{reason=\"source\"} 1\n");
      clients.getFirst().close();
      await().until(() -> plane.plane().connections() == 2);
      try (var next = plane.client()) {
        assertThat(status(next)).isEqualTo(404);
      }
      for (var client : clients) {
        client.close();
      }
    }
  }

  @Test
  void proxiesInFrontAreNotCountedAsOneSource() throws Exception {
    try (var plane = plane(1000)) {
      plane.settings(
          ForwardedTrustTest.settings(ForwardedTrustTest.fields("127.0.0.1"))
              .connectionsPerSource(1));
      try (var one = plane.client();
          var two = plane.client();
          var other = from(plane, "127.0.0.2");
          var otherAgain = from(plane, "127.0.0.2")) {
        assertThat(status(one)).isEqualTo(404);
        assertThat(status(two)).isEqualTo(404);
        assertThat(status(other)).isEqualTo(404);
        assertThat(otherAgain.isCutOff()).isTrue();
      }
    }
  }

  @Test
  void clientsThatProxyHeadersNameAreCountedInTheirPlace() throws Exception {
    var header = "PROXY TCP4 192.0.2.%d 192.168.0.11 56324 80\r\n";
    try (var plane = plane(1000)) {
      plane.settings(
          ForwardedTrustTest.settings(
                  ProxyProtocolTest.trust(false, "127.0.0.1", Duration.ofSeconds(30)))
              .connectionsPerSource(1));
      try (var one = plane.client();
          var again = plane.client();
          var two = plane.client()) {
        assertThat(status(one.send(header.formatted(1)))).isEqualTo(404);
        again.send(header.formatted(1) + "GET / HTTP/1.1\r\nHost: none\r\n\r\n");
        assertThat(again.isCutOff()).isTrue();
        assertThat(status(two.send(header.formatted(2)))).isEqualTo(404);
      }
    }
  }

  @Test
  void aLoopThatLetsTasksWaitShedsAPartOfItsRequestsAndRecovers() throws Exception {
    try (var plane = plane(1000);
        var slow = Executors.newSingleThreadExecutor();
        var client = plane.client()) {
      var end = new CountDownLatch(1);
      var busy = slow.submit(() -> plane.keepLoopsBusy(end));
      try {
        plane.awaitLevel("queue_delay", 3);
        int shed = 0;
        for (int i = 0; i < 12; i++) {
          shed += status(client) == 503 ? 1 : 0;
        }
        assertThat(shed).isPositive();
      } finally {
        end.countDown();
      }
      busy.get(60, TimeUnit.SECONDS);
      plane.awaitLevel("queue_delay", 0);
      await().until(() -> status(client) == 404);
      for (int i = 0; i < 40; i++) {
        assertThat(status(client)).isEqualTo(404);
      }
      assertThat(plane.telemetry().text())
          .contains("weir_overload_shed_requests_total{reason=\"queue_delay\"} ")
          .doesNotContain("weir_overload_shed_requests_total{reason=\"queue_delay\"} 0\n");
    }
  }
}
