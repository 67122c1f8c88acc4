package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What metrics say of upstreams and their endpoints. */
class UpstreamMetricsTest {
  private static final String WEB =
      "namespace=\"default\",port=\"80\",reach=\"endpoints\",service=\"web\"";

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
    return "endpoint=\"" + endpoint.text() + "\"," + WEB;
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
      assertThat(telemetry.text()).doesNotContain("service=\"web\"");
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

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
