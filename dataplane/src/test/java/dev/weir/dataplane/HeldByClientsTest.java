package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection of HTTP/1 has us hold, whatever its client and its backend don't take. */
class HeldByClientsTest {
  private static final long FIRST = 128 * 1024;
  private static final long LATER = 512 * 1024;

  /** More than all sockets on the way take. */
  private static final int MUCH = 32 << 20;

  private final CountDownLatch over = new CountDownLatch(1);
  private RawBackend backend;
  private TestPlane plane;

  @BeforeEach
  void start() throws Exception {
    backend =
        new RawBackend(
            connection -> {
              for (var head = connection.readHead(); head != null; head = connection.readHead()) {
                if (head.requestLine().startsWith("GET /small")) {
                  connection.reply("small");
                } else if (head.requestLine().startsWith("GET /large")) {
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + MUCH + "\r\n\r\n");
                  connection.send(new byte[MUCH]);
                } else if (head.requestLine().startsWith("GET /fields")) {
                  var value = "x".repeat(10_000);
                  var fields = "A: %s\r\nB: %s\r\nC: %s\r\n".formatted(value, value, value);
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + fields + "\r\n");
                  over.await();
                  return;
                } else {
                  over.await();
                  return;
                }
              }
            });
    plane = new TestPlane();
    plane.endpoints("web", List.of(backend.endpoint()));
    plane.route(
        new PathMatch.Prefix("/"),
        new RouteAction.Forward(TestPlane.id("web")),
        List.of(),
        Timeouts.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    over.countDown();
    plane.close();
    backend.close();
  }

  private long held(String reply) {
    return plane.held(reply);
  }

  /** Sends more than anybody takes, until the connection is closed. */
  private static void sendMuch(RawClient client, byte[] bytes) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int sent = 0; sent < MUCH; sent += bytes.length) {
                  client.send(bytes);
                }
              } catch (IOException e) {
                // The test is over.
              }
            });
  }

  private static byte[] request(int fieldSize) {
    return ("GET /hang HTTP/1.1\r\nHost: shop.example.com\r\nX-A: "
            + "a".repeat(fieldSize)
            + "\r\nX-B: "
            + "b".repeat(fieldSize)
            + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void pipelinedRequestsWithLargeHeadsWaitAtTheSocket() throws Exception {
    try (var client = plane.client()) {
      sendMuch(client, request(15_000));
      await().until(() -> held("first") > 16 * 1024);
      assertThat(held("first")).isLessThanOrEqualTo(FIRST);
    }
  }

  @Test
  void aBodyThatTheBackendDoesNotReadWaitsAtTheSocket() throws Exception {
    try (var client = plane.client()) {
      client.send(
          "POST /hang HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: " + MUCH + "\r\n\r\n");
      sendMuch(client, new byte[64 * 1024]);
      await().until(() -> held("first") > 16 * 1024);
      assertThat(held("first")).isLessThanOrEqualTo(FIRST);
    }
  }

  @Test
  void aReplyThatTheClientDoesNotReadWaitsAtTheBackend() throws Exception {
    try (var client = plane.client()) {
      client.get("/large");
      await().until(() -> held("first") > 16 * 1024);
      assertThat(held("first")).isLessThanOrEqualTo(FIRST);
    }
    try (var client = plane.client()) {
      assertThat(client.get("/small").read().status()).isEqualTo(200);
      client.get("/large");
      await().untilAsserted(() -> assertThat(held("later")).isGreaterThan(32 * 1024));
      assertThat(held("later")).isLessThanOrEqualTo(LATER);
    }
  }

  /** As we hold it, and as it waits to be sent. */
  @Test
  void theHeadOfAReplyCountsTwice() throws Exception {
    try (var client = plane.client()) {
      client.get("/fields");
      await().until(() -> held("first") > 55_000);
      assertThat(held("first")).isLessThanOrEqualTo(FIRST);
    }
  }

  @Test
  void aBodyThatIsTakenIsHeldNoMore() throws Exception {
    try (var echo = RawBackend.echo();
        var client = plane.client()) {
      plane.endpoints("web", List.of(echo.endpoint()));
      for (int i = 0; i < 20; i++) {
        var body = "x".repeat(60_000);
        client.send(
            "POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 60000\r\n\r\n" + body);
        assertThat(client.read().body()).isEqualTo(body);
      }
    }
    assertThat(held("later")).isLessThanOrEqualTo(LATER);
  }
}
