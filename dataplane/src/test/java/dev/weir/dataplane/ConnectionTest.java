package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.UnusualFields;
import dev.weir.dataplane.model.ProxySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Persistence, pipelining, timeouts, HTTP/1.0. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class ConnectionTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n";

  private static ProxySettings settings(int requests, Duration keepAlive, Duration head) {
    var usual = ProxySettings.DEFAULT;
    return new ProxySettings(
        keepAlive,
        requests,
        new ProxySettings.ClientHeader(head, UnusualFields.DEFAULT, true),
        Duration.ofMillis(300),
        usual.upstream(),
        usual.forwarded(),
        ProxySettings.DEFAULT.accessLog());
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        var body = "body " + i;
        requests.append("POST /").append(i).append(" HTTP/1.1\r\nHost: shop.example.com\r\n");
        if (i % 2 == 0) {
          requests.append("Content-Length: ").append(body.length()).append("\r\n\r\n");
          requests.append(body);
        } else {
          requests.append("Transfer-Encoding: chunked\r\n\r\n");
          requests.append(Integer.toHexString(body.length())).append("\r\n").append(body);
          requests.append("\r\n0\r\n\r\n");
        }
      }
      client.send(requests.toString());
      for (int i = 0; i < 50; i++) {
        assertThat(client.read().body()).isEqualTo("body " + i);
      }
    }
  }

  @Test
  void theLastRequestThatAConnectionMayCarryEndsIt() throws Exception {
    try (var backend = RawBackend.answering("x");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.settings(settings(3, Duration.ofSeconds(75), Duration.ofSeconds(10)));
      client.send(GET + GET + GET + GET);
      assertThat(client.read().field("connection")).isEmpty();
      assertThat(client.read().field("connection")).isEmpty();
      assertThat(client.read().field("connection")).isEqualTo("close");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void anIdleConnectionIsClosedWithoutAWord() throws Exception {
    try (var backend = RawBackend.answering("x");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.settings(settings(0, Duration.ofMillis(200), Duration.ofSeconds(10)));
      client.send(GET).read();
      assertThat(client.closedByServer()).isTrue();
    }
  }

  @Test
  void aHeadThatTakesTooLongIs408() throws Exception {
    try (var backend = RawBackend.answering("x");
        var plane = TestPlane.forwardingTo(backend)) {
      plane.settings(settings(0, Duration.ofSeconds(75), Duration.ofSeconds(1)));
      try (var client = plane.client()) {
        assertThat(client.send("GET / HTTP/1.1\r\nHost: a").read().status()).isEqualTo(408);
        assertThat(client.readToEnd()).isEmpty();
      }
      try (var client = plane.client()) {
        client.send(GET).read();
        assertThat(client.send("G").read().status()).isEqualTo(408);
      }
      try (var client = plane.client()) {
        assertThat(client.closedByServer()).isTrue();
      }
    }
  }

  @Test
  void aBodyThatStopsComingIs408() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend)) {
      plane.settings(settings(0, Duration.ofSeconds(75), Duration.ofSeconds(10)));
      try (var client = plane.client()) {
        client.send("POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 9\r\n\r\nabc");
        assertThat(client.read().status()).isEqualTo(408);
        assertThat(client.readToEnd()).isEmpty();
      }
      assertThat(backend.requests()).isEmpty();
    }
  }

  /** A byte now and then: each in time, but at less than 500 bytes a second. */
  @Test
  void aBodyThatTricklesIs408() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var trickle = Executors.newSingleThreadScheduledExecutor()) {
      plane.settings(settings(0, Duration.ofSeconds(75), Duration.ofSeconds(10)));
      try (var client = plane.client()) {
        client.send("POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 9999\r\n\r\n");
        var _ =
            trickle.scheduleAtFixedRate(
                () -> sendQuietly(client, "a"), 0, 50, TimeUnit.MILLISECONDS);
        assertThat(client.read().status()).isEqualTo(408);
        trickle.shutdownNow();
      }
      assertThat(backend.requests()).isEmpty();
    }
  }

  private static void sendQuietly(RawClient client, String text) {
    try {
      client.send(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void clientsOfHttp10AreServedWithoutChunks() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5\r\nhello\r\n0\r\n\r\n");
                  }
                });
        var plane = TestPlane.forwardingTo(backend)) {
      try (var client = plane.client()) {
        client.send("GET / HTTP/1.0\r\nHost: shop.example.com\r\nConnection: keep-alive\r\n\r\n");
        var reply = client.read();
        assertThat(reply.body()).isEqualTo("hello");
        assertThat(reply.field("connection")).isEqualTo("close");
      }
      try (var client = plane.client()) {
        assertThat(client.send("GET / HTTP/1.0\r\n\r\n").read().status()).isEqualTo(404);
      }
    }
  }

  @Test
  void http10StaysOpenIfAskedTo() throws Exception {
    try (var backend = RawBackend.answering("x");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var get = "GET / HTTP/1.0\r\nHost: shop.example.com\r\nConnection: keep-alive\r\n\r\n";
      assertThat(client.send(get).read().field("connection")).isEqualTo("keep-alive");
      assertThat(client.send(get).read().body()).isEqualTo("x");
      var last = client.send("GET / HTTP/1.0\r\nHost: shop.example.com\r\n\r\n").read();
      assertThat(last.field("connection")).isEqualTo("close");
      assertThat(client.closedByServer()).isTrue();
    }
  }

  @Test
  void repliesWithoutBodyAreFramedAsSuch() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  for (var r = connection.read(); r != null; r = connection.read()) {
                    if (r.requestLine().startsWith("HEAD")) {
                      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
                    } else if (r.requestLine().contains("304")) {
                      connection.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
                    } else {
                      connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                    }
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send("HEAD / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
      assertThat(client.readWithoutBody().field("content-length")).isEqualTo("1234");
      var notModified = client.get("/304").read();
      assertThat(notModified.status()).isEqualTo(304);
      assertThat(notModified.field("transfer-encoding")).isEmpty();
      var noContent = client.get("/204").read();
      assertThat(noContent.field("content-length")).isEmpty();
      assertThat(noContent.field("transfer-encoding")).isEmpty();
      client.send("HEAD /x HTTP/1.1\r\nHost: other\r\n\r\n");
      assertThat(client.readWithoutBody().status()).isEqualTo(404);
      assertThat(client.get("/204").read().status()).isEqualTo(204);
    }
  }
}
