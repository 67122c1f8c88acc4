package dev.weir.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Crlf;
import dev.weir.e2e.wire.Frames;
import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.Frame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** WebSockets on streams of HTTP/2 (RFC 8441), to endpoints that know them by HTTP/1.1. */
@TestInstance(Lifecycle.PER_CLASS)
class WebSocketTest {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Site site =
      Site.of(
          Backend.echo("echo"),
          Backend.scripted("chat", this::chat),
          Backend.scripted(
              "refuses", Script.saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")),
          Backend.scripted(
              "lies",
              Script.saying(
                  Crlf.of(
                      """
                      HTTP/1.1 101 Switching Protocols
                      Upgrade: websocket
                      Connection: Upgrade
                      Sec-WebSocket-Accept: AAAA

                      """))));

  @AfterAll
  void close() {
    site.close();
  }

  /** Says every text twice, until the client is gone. */
  private void chat(Script.Call call) throws IOException {
    assertThat(call.head().method()).isEqualTo("GET");
    assertThat(call.head().field("upgrade")).isEqualTo("websocket");
    assertThat(call.head().field("sec-websocket-version")).isEqualTo("13");
    var key = String.valueOf(call.head().field("sec-websocket-key"));
    call.write(
        "HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\n"
            + "Connection: Upgrade\r\n"
            + "Sec-WebSocket-Protocol: chat\r\n"
            + "Sec-WebSocket-Accept: "
            + Frames.accept(key)
            + "\r\n\r\n");
    var in = call.socket().getInputStream();
    try {
      while (true) {
        var text = Frames.read(in::readNBytes);
        call.write(Frames.plain(text + text));
      }
    } finally {
      ended.countDown();
    }
  }

  private static FieldBlock connect(Http2Wire client, String host) {
    return FieldBlock.of(
        ":method",
        "CONNECT",
        ":protocol",
        "websocket",
        ":scheme",
        client.secured() ? "https" : "http",
        ":authority",
        host,
        ":path",
        "/chat",
        "sec-websocket-version",
        "13",
        "sec-websocket-protocol",
        "chat",
        "origin",
        "http://" + host);
  }

  /** Sends a text and reads the answer. */
  private static String say(Http2Wire client, int stream, String text) throws IOException {
    int before = client.soFar(stream).body().length;
    client.body(stream, Frames.masked(text), false);
    var answer = client.received(stream, before + 2 + 2 * text.length()).body();
    var in = new ByteArrayInputStream(Arrays.copyOfRange(answer, before, answer.length));
    return Frames.read(in::readNBytes);
  }

  @Test
  void manyLiveBesideRequestsOnOneConnection() throws IOException {
    for (var client : List.of(plain(), Http2Wire.tls(site.weir().https(), "chat.test"))) {
      try (client) {
        client.ping(1);
        assertThat(client.settings()).containsEntry(Frame.ENABLE_CONNECT_PROTOCOL, 1);
        var sockets = new ArrayList<Integer>();
        for (int i = 0; i < 8; i++) {
          int socket = client.request(connect(client, "chat.test"), false);
          var opened = client.begun(socket);
          assertThat(opened.status()).isEqualTo(200);
          assertThat(opened.field("sec-websocket-protocol")).isEqualTo("chat");
          assertThat(opened.field("sec-websocket-accept")).isNull();
          assertThat(opened.field("upgrade")).isNull();
          sockets.add(socket);
        }
        for (int round = 0; round < 20; round++) {
          for (int socket : sockets) {
            var text = socket + " says " + round;
            assertThat(say(client, socket, text)).isEqualTo(text + text);
          }
          assertThat(client.get("echo.test", "/" + round).status()).isEqualTo(200);
        }
      }
    }
  }

  private Http2Wire plain() throws IOException {
    return Http2Wire.to(site.weir().http());
  }

  @Test
  void theEndOfTheStreamIsTheEndOfTheEndpoint() throws Exception {
    try (var client = plain()) {
      int socket = client.request(connect(client, "chat.test"), false);
      assertThat(client.begun(socket).status()).isEqualTo(200);
      assertThat(say(client, socket, "x")).isEqualTo("xx");
      client.send(Frame.data(socket, "", true));
      assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
      client.reply(socket);
      assertThat(client.get("echo.test", "/").status()).isEqualTo(200);
    }
  }

  @Test
  void theEndOfTheEndpointIsTheEndOfTheStream() throws Exception {
    try (var client = plain()) {
      int socket = client.request(connect(client, "chat.test"), false);
      assertThat(client.begun(socket).status()).isEqualTo(200);
      client.send(Frame.data(socket, "\b\0".getBytes(StandardCharsets.ISO_8859_1), false));
      client.reply(socket);
      assertThat(client.get("echo.test", "/").status()).isEqualTo(200);
    }
  }

  @Test
  void aRefusalIsAReply() throws IOException {
    try (var client = plain()) {
      var reply = client.reply(client.request(connect(client, "refuses.test"), false));
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.text()).isEqualTo("no");
      assertThat(client.get("echo.test", "/").status()).isEqualTo(200);
    }
  }

  @Test
  void anEndpointThatDoesNotKnowTheProtocolIsABadOne() throws IOException {
    try (var client = plain()) {
      var reply = client.reply(client.request(connect(client, "lies.test"), false));
      assertThat(reply.status()).isEqualTo(502);
    }
  }

  @Test
  void changesOfConfigurationCloseNone() throws IOException {
    try (var client = plain()) {
      int socket = client.request(connect(client, "chat.test"), false);
      assertThat(client.begun(socket).status()).isEqualTo(200);
      for (int i = 0; i < 20; i++) {
        site.folder()
            .write("changing.yaml", Objects.ingress("more", "more-" + i + ".test", "echo"));
        site.weir().awaitStatus("more-" + i + ".test", "/", 200);
        assertThat(say(client, socket, "change " + i)).isEqualTo(("change " + i).repeat(2));
      }
    }
  }
}
