package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** hardening.md 5.1, and the statuses of ingress-nginx.md 4.10. */
class RetryTest {
  private static String request(String method, String body) {
    return method
        + " / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** Answers the first request of a connection, and closes upon the second. */
  private static RawBackend dyingOnReuse() throws Exception {
    return new RawBackend(
        connection -> {
          connection.read();
          connection.reply("x");
          connection.read();
          connection.resetConnection();
        });
  }

  private static Endpoint refusing() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Endpoint("127.0.0.1", socket.getLocalPort(), "", "", false);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET", "POST"})
  void aRefusedConnectGoesToAnotherEndpointWhateverTheMethod(String method) throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.endpoints("web", List.of(refusing(), backend.endpoint()));
      for (int i = 0; i < 4; i++) {
        assertThat(client.send(request(method, "abc")).read().body()).isEqualTo("abc");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"GET,200", "PUT,200", "DELETE,200", "POST,502", "PATCH,502", "PROPFIND,502"})
  void aReusedConnectionThatDiesIsReplacedForMethodsThatMayHappenTwice(String method, int status)
      throws Exception {
    try (var backend = dyingOnReuse();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      assertThat(client.get("/").read().status()).isEqualTo(200);
      assertThat(client.send(request(method, "abc")).read().status()).isEqualTo(status);
      var last = List.copyOf(backend.requests()).getLast();
      assertThat(last.body()).isEqualTo("abc");
      assertThat(backend.requests()).hasSize(status == 200 ? 3 : 2);
    }
  }

  @Test
  void aFreshConnectionThatDiesIsNotTriedAgain() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.resetConnection();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      assertThat(client.get("/").read().status()).isEqualTo(502);
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @Test
  void aBodyTooLargeToKeepIsNotSentAgain() throws Exception {
    try (var backend = dyingOnReuse();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      assertThat(client.get("/").read().status()).isEqualTo(200);
      assertThat(client.send(request("PUT", "x".repeat(70_000))).read().status()).isEqualTo(502);
      assertThat(backend.requests()).hasSize(2);
    }
  }

  @Test
  void noEndpointIs503WithATimeToComeBack() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.endpoints("web", List.of());
      var reply = client.get("/").read();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.field("retry-after")).isEqualTo("5");
      assertThat(reply.body()).contains("<h1>503 Service Temporarily Unavailable</h1>");
      plane.endpoints("web", List.of(refusing()));
      assertThat(client.get("/").read().status()).isEqualTo(502);
    }
  }

  @Test
  void aBackendThatSaysNothingIs504() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.read();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.route(
          new PathMatch.Prefix("/"),
          new RouteAction.Forward(TestPlane.id("web")),
          List.of(),
          new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofSeconds(1)));
      var reply = client.get("/").read();
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.body()).contains("504 Gateway Time-out");
      assertThat(client.get("/").read().status()).isEqualTo(504);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 99 Low\r\n\r\n'",
    "'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n'",
    "'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'",
    "'rubbish\r\n\r\n'"
  })
  void aReplyThatIsNoneIs502(String reply) throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send(reply);
                  connection.read();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      assertThat(client.get("/").read().status()).isEqualTo(502);
      assertThat(client.get("/").read().status()).isEqualTo(502);
    }
  }

  @Test
  void earlyHintsArePassedOnButNotToHttp10() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                    connection.reply("x");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var hints = client.get("/").read();
      assertThat(hints.status()).isEqualTo(103);
      assertThat(hints.field("link")).isEqualTo("</a>");
      assertThat(client.read().status()).isEqualTo(200);
      client.send("GET / HTTP/1.0\r\nHost: shop.example.com\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
  }
}
