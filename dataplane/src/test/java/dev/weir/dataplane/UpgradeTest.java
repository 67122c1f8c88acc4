package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class UpgradeTest {
  private static final String UPGRADE =
      "GET /chat HTTP/1.1\r\nHost: shop.example.com\r\nConnection: keep-alive, Upgrade\r\n"
          + "Upgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n";

  /** Agrees, then sends back whatever comes. */
  private static RawBackend agreeing() throws Exception {
    return new RawBackend(
        connection -> {
          connection.read();
          connection.send(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                  + "Upgrade: websocket\r\n\r\nhello");
          var buffer = new byte[4096];
          for (int n = connection.in().read(buffer); n > 0; n = connection.in().read(buffer)) {
            connection.send(java.util.Arrays.copyOf(buffer, n));
          }
        });
  }

  private static String text(RawClient client, int length) throws Exception {
    return new String(client.readBytes(length), StandardCharsets.US_ASCII);
  }

  @Test
  void bytesPassBothWaysAfterTheUpgradeAndOverChangesOfTheTable() throws Exception {
    try (var backend = agreeing();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var reply = client.send(UPGRADE).read();
      assertThat(reply.status()).isEqualTo(101);
      assertThat(reply.field("connection")).isEqualTo("upgrade");
      assertThat(reply.field("upgrade")).isEqualTo("websocket");
      assertThat(text(client, 5)).isEqualTo("hello");
      var request = backend.requests().element();
      assertThat(request.field("connection")).isEqualTo("upgrade");
      assertThat(request.field("upgrade")).isEqualTo("websocket");
      for (int i = 0; i < 20; i++) {
        plane.route(new PathMatch.Prefix("/" + i), "other");
        client.send("ping " + (char) ('a' + i));
        assertThat(text(client, 6)).isEqualTo("ping " + (char) ('a' + i));
      }
      var large = "x".repeat(1 << 20);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  client.send(large);
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(text(client, 1 << 20)).isEqualTo(large);
    }
  }

  @Test
  void anUpgradeThatTheBackendDeclinesIsAnOrdinaryReplyAndTheLast() throws Exception {
    try (var backend = RawBackend.answering("no");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var reply = client.send(UPGRADE).read();
      assertThat(reply.body()).isEqualTo("no");
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void anUpgradedConnectionThatIsSilentForTheReadTimeoutEnds() throws Exception {
    try (var backend = agreeing();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.route(
          new PathMatch.Prefix("/"),
          new RouteAction.Forward(TestPlane.id("web")),
          List.of(),
          new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1)));
      client.send(UPGRADE).read();
      assertThat(client.readToEnd()).isEqualTo("hello");
    }
  }

  @Test
  void anEndOnOneSideEndsTheOther() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                          + "Upgrade: websocket\r\n\r\nbye");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(UPGRADE).read();
      assertThat(client.readToEnd()).isEqualTo("bye");
    }
  }

  @Test
  void whatFollowsARefusedUpgradeIsNoRequest() throws Exception {
    try (var backend = RawBackend.answering("no");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(UPGRADE + "GET /smuggled HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
      var reply = client.read();
      assertThat(reply.body()).isEqualTo("no");
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.readToEnd()).isEmpty();
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @Test
  void aRequestWithABodyIsNoUpgrade() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(
          "POST /chat HTTP/1.1\r\nHost: shop.example.com\r\nConnection: Upgrade\r\n"
              + "Upgrade: websocket\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.read().body()).isEqualTo("abc");
      assertThat(backend.requests().element().field("upgrade")).isEmpty();
      assertThat(client.get("/").read().status()).isEqualTo(200);
    }
  }
}
