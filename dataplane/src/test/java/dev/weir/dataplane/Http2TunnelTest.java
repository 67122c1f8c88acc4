package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.h2.Http2Client;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** WebSockets that HTTP/2 opens (RFC 8441). */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class Http2TunnelTest {
  private static String accept(String key) throws Exception {
    var text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    var hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
    return Base64.getEncoder().encodeToString(hash);
  }

  /** Agrees as a WebSocket server must, then sends back whatever comes. */
  private static RawBackend agreeing(boolean honestly) throws Exception {
    return new RawBackend(
        connection -> {
          var request = Objects.requireNonNull(connection.read());
          var key = request.field("sec-websocket-key") + (honestly ? "" : "x");
          connection.send(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Accept: "
                  + accept(key)
                  + "\r\nSec-WebSocket-Protocol: chat\r\n\r\nhello");
          var buffer = new byte[64 * 1024];
          for (int n = connection.in().read(buffer); n > 0; n = connection.in().read(buffer)) {
            connection.send(Arrays.copyOf(buffer, n));
          }
          connection.send("bye");
        });
  }

  private static int open(Http2Client client, String protocol, String... more) throws Exception {
    var fields =
        new ArrayList<>(
            List.of(
                ":method",
                "CONNECT",
                ":protocol",
                protocol,
                ":scheme",
                "http",
                ":path",
                "/chat",
                ":authority",
                TestPlane.HOST,
                "sec-websocket-version",
                "13",
                "sec-websocket-key",
                "of the client",
                "sec-websocket-protocol",
                "chat"));
    fields.addAll(List.of(more));
    return client.request(false, fields.toArray(new String[0]));
  }

  @Test
  void bytesPassBothWaysAndEachSideEndsByItself() throws Exception {
    try (var backend = agreeing(true);
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int id = open(client, "websocket");
      var reply = client.awaitHead(id);
      assertThat(reply.status()).isEqualTo(200);
      for (var gone : new String[] {"upgrade", "connection", "sec-websocket-accept"}) {
        assertThat(reply.field(gone)).isEmpty();
      }
      assertThat(reply.field("sec-websocket-protocol")).isEqualTo("chat");
      assertThat(client.awaitBody(id, 5).body()).isEqualTo("hello");
      client.data(id, "ping", false);
      assertThat(client.awaitBody(id, 9).body()).isEqualTo("helloping");
      client.data(id, "", true);
      assertThat(client.await(id).body()).isEqualTo("hellopingbye");
      var request = backend.requests().element();
      assertThat(request.requestLine()).isEqualTo("GET /chat HTTP/1.1");
      assertThat(request.field("upgrade")).isEqualTo("websocket");
      assertThat(request.field("connection")).isEqualTo("upgrade");
      assertThat(request.field("sec-websocket-version")).isEqualTo("13");
      assertThat(request.field("sec-websocket-key")).hasSize(24);
      assertThat(request.field("content-length")).isEmpty();
    }
  }

  @Test
  void aBackendThatDidNotUnderstandIsNoWebSocket() throws Exception {
    try (var backend = agreeing(false);
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      assertThat(client.awaitHead(open(client, "websocket")).status()).isEqualTo(502);
    }
  }

  @Test
  void aBackendThatDeclinesAnswersAsUsual() throws Exception {
    try (var backend = declining("403 Forbidden");
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var reply = client.await(open(client, "websocket"));
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.body()).isEqualTo("no");
    }
  }

  @Test
  void aPageInPlaceOfAWebSocketIsNotTakenForOne() throws Exception {
    try (var backend = declining("200 OK");
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      assertThat(client.await(open(client, "websocket")).status()).isEqualTo(502);
    }
  }

  private static RawBackend declining(String status) throws Exception {
    return new RawBackend(
        connection -> {
          while (connection.read() != null) {
            connection.send("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
          }
        });
  }

  @Test
  void anObsoleteHandshakeReachesNoBackend() throws Exception {
    try (var backend = agreeing(true);
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int id = open(client, "websocket", "sec-websocket-key1", "4 @1  46546xW%0l 1 5");
      assertThat(client.awaitHead(id).status()).isEqualTo(400);
      assertThat(backend.requests()).isEmpty();
    }
  }

  @Test
  void otherTunnelsAreNotServed() throws Exception {
    try (var backend = RawBackend.answering("no");
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      assertThat(client.awaitHead(open(client, "connect-udp")).status()).isEqualTo(501);
      int plain = client.request(false, ":method", "CONNECT", ":authority", "shop.example.com:443");
      assertThat(client.awaitHead(plain).status()).isEqualTo(405);
      assertThat(backend.requests()).isEmpty();
    }
  }
}
