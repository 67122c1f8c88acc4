package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.tls.ClientTlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What metrics say of upstreams and their endpoints. */
class UpstreamMetricsTest {
  private static final String WEB =
      "namespace=\"default\",port=\"80\",reach=\"endpoints\",upstream=\"web\"";

  private final UpstreamsFixture fixture = new UpstreamsFixture();
  private final Telemetry telemetry =
      new Telemetry(TelemetrySettings.DEFAULT, InstantSource.system());

  UpstreamMetricsTest() {
    telemetry.register(fixture.upstreams.details());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String of(Endpoint endpoint) {
    return "address=\"" + endpoint.text() + "\"," + WEB;
  }

  private void awaitLine(String line) {
    await().untilAsserted(() -> assertThat(telemetry.text().lines()).contains(line));
  }

  @Test
  void requestsAndConnectionsAreCountedWhileTheyLast() throws Exception {
    var answer = new Semaphore(0);
    try (var backend =
        new RawBackend(
            peer -> {
              while (peer.readRequest() != null) {
                answer.acquireUninterruptibly();
                peer.send(RawBackend.ok("x"));
              }
            })) {
      fixture.endpoints(backend.endpoint());
      assertThat(telemetry.text()).doesNotContain("upstream=\"web\"");
      var first = fixture.start(TestRequest.get("/1"));
      awaitLine("weir_upstream_requests_in_flight{" + WEB + "} 1");
      awaitLine("weir_upstream_requests_waiting{" + WEB + "} 0");
      awaitLine("weir_endpoint_requests_in_flight{" + of(backend.endpoint()) + "} 1");
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"busy\"} 1");
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"idle\"} 0");

      answer.release();
      first.await();
      awaitLine("weir_upstream_requests_in_flight{" + WEB + "} 0");
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"busy\"} 0");
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"idle\"} 1");
      awaitLine("weir_upstream_response_seconds_count{" + WEB + "} 1");
      awaitLine("weir_endpoint_response_seconds_count{" + of(backend.endpoint()) + "} 1");
      awaitLine("weir_endpoint_connects_total{" + of(backend.endpoint()) + ",result=\"failed\"} 0");
    }
  }

  @Test
  void whatAnEndpointThatLeftDidStaysInTheNumbersOfItsUpstream() throws Exception {
    try (var backend = RawBackend.saying("x");
        var other = RawBackend.saying("y")) {
      fixture.endpoints(backend.endpoint());
      fixture.get("/");
      fixture.get("/");
      fixture.endpoints(other.endpoint());
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"idle\"} 0");
      fixture.get("/");
      awaitLine("weir_upstream_response_seconds_count{" + WEB + "} 3");
      awaitLine("weir_upstream_connects_total{" + WEB + ",result=\"connected\"} 2");
      awaitLine("weir_endpoint_response_seconds_count{" + of(other.endpoint()) + "} 1");
      assertThat(telemetry.text()).doesNotContain(backend.endpoint().text());
    }
  }

  @Test
  void failuresAreCountedWhereTheyHappen() throws Exception {
    try (var backend = new RawBackend(peer -> peer.readRequest())) {
      fixture.endpoints(backend.endpoint());
      var failed = fixture.start(TestRequest.get("/"));
      awaitLine("weir_endpoint_unanswered_requests_total{" + of(backend.endpoint()) + "} 1");
      assertThat(failed.stream).isNotNull();
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"idle\"} 0");

      var closed = new Endpoint("127.0.0.1", closedPort(), "", "", false);
      fixture.endpoints(closed);
      fixture.start(TestRequest.get("/"));
      awaitLine("weir_endpoint_connects_total{" + of(closed) + ",result=\"failed\"} 1");
      awaitLine("weir_endpoint_connects_total{" + of(closed) + ",result=\"connected\"} 0");
      awaitLine("weir_upstream_connects_total{" + WEB + ",result=\"failed\"} 1");
      awaitLine("weir_upstream_unanswered_requests_total{" + WEB + "} 1");
    }
  }

  @Test
  void aConnectUnderWayToAnEndpointThatLeavesIsCountedWhenItFails() throws Exception {
    try (var silent = new ConnectTest.Silent();
        var other = RawBackend.saying("other")) {
      fixture.endpoints(silent.endpoint());
      var client = start(null, Duration.ofSeconds(2));
      awaitLine("weir_upstream_requests_waiting{" + WEB + "} 1");
      fixture.endpoints(other.endpoint());
      assertThat(telemetry.text())
          .contains("weir_upstream_connects_total{" + WEB + ",result=\"failed\"} 0");
      assertThat(client.awaitKind()).isEqualTo(UpstreamFailure.Kind.CONNECT_TIMEOUT);
      awaitLine("weir_upstream_connects_total{" + WEB + ",result=\"failed\"} 1");
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"idle\"} 0");
    }
  }

  @Test
  void aConnectThatNobodyWaitsForAnyMoreIsNoFailure() throws Exception {
    try (var silent = new ConnectTest.Silent()) {
      fixture.endpoints(silent.endpoint());
      var client = start(null, Duration.ofSeconds(20));
      awaitLine("weir_upstream_requests_waiting{" + WEB + "} 1");
      client.cancel();
      awaitLine("weir_upstream_requests_waiting{" + WEB + "} 0");
      awaitLine("weir_upstream_connects_total{" + WEB + ",result=\"failed\"} 0");
    }
  }

  @Test
  void aFailedHandshakeIsAFailedConnect() throws Exception {
    try (var plain = RawBackend.saying("no TLS")) {
      fixture.endpoints(plain.endpoint());
      var tls = fixture.upstreams.tls(ClientTlsPolicy.UNVERIFIED);
      // Not to be waited for by a backend that waits for the end of a request.
      var client = start(tls, Duration.ofMillis(500));
      assertThat(client.awaitKind())
          .isIn(UpstreamFailure.Kind.CONNECT_FAILED, UpstreamFailure.Kind.CONNECT_TIMEOUT);
      awaitLine("weir_upstream_connects_total{" + WEB + ",result=\"connected\"} 1");
      awaitLine("weir_upstream_connects_total{" + WEB + ",result=\"failed\"} 1");
      awaitLine("weir_upstream_connections{" + WEB + ",state=\"idle\"} 0");
    }
  }

  private TestClient start(@Nullable UpstreamTls tls, Duration connect) {
    var timeouts = new Timeouts(connect, Duration.ofSeconds(5), Duration.ofSeconds(5));
    return fixture
        .client(TestRequest.get("/"))
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

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
