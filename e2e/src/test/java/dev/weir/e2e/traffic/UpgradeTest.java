package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Crlf;
import dev.weir.e2e.wire.Frames;
import dev.weir.e2e.wire.Head;
import dev.weir.e2e.wire.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Connections that become something else, and stay that way. */
@TestInstance(Lifecycle.PER_CLASS)
class UpgradeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private final Backend other = Backend.echo("other");
  private final Site site =
      Site.of(
          other,
          Backend.scripted("chat", UpgradeTest::chat),
          Backend.scripted("raw", UpgradeTest::raw),
          Backend.scripted(
              "refuses", Script.saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")),
          Backend.scripted(
              "pushy",
              Script.saying(
                  Crlf.of(
                      """
                      HTTP/1.1 101 Switching Protocols
                      Connection: upgrade
                      Upgrade: x

                      """))));

  @AfterAll
  void close() {
    site.close();
  }

  /** A WebSocket server that says every text twice. */
  private static void chat(Script.Call call) throws IOException {
    var key = String.valueOf(call.head().field("sec-websocket-key"));
    call.write(
        "HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\n"
            + "Connection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + Frames.accept(key)
            + "\r\n\r\n");
    var in = call.socket().getInputStream();
    while (true) {
      var text = Frames.read(in::readNBytes);
      call.write(Frames.plain(text + text));
    }
  }

  /** Any other protocol: sends bytes back, and ends when they end. */
  private static void raw(Script.Call call) throws IOException {
    call.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw/1\r\nConnection: upgrade\r\n\r\nhi");
    call.socket().getInputStream().transferTo(call.socket().getOutputStream());
    call.close();
  }

  private static Head upgrade(Wire wire, String host, String protocol) throws IOException {
    wire.send(
        "GET /chat HTTP/1.1\r\nHost: "
            + host
            + "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "
            + protocol
            + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\n\r\n");
    return wire.head();
  }

  @Test
  void aWebSocketEchoSurvivesAHundredChangesOfConfiguration() throws IOException {
    try (var wire = site.wire()) {
      var head = upgrade(wire, "chat.test", "websocket");
      assertThat(head.status()).isEqualTo(101);
      assertThat(head.field("upgrade")).isEqualTo("websocket");
      assertThat(head.field("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      for (int i = 0; i < 100; i++) {
        change(i);
        wire.send(Frames.masked("message " + i));
        assertThat(Frames.read(wire::bytes)).isEqualTo(("message " + i).repeat(2));
      }
    }
  }

  /** Turns by turns: a route, an endpoint, and another path of the very host in use. */
  private void change(int i) {
    site.folder()
        .write(
            "changing.yaml",
            Objects.service("changing", List.of(other.address(), "127.9.9." + i), other.port())
                + Objects.ingress("changing", "changing-" + i + ".test", "changing")
                + Ingress.named("more-of-chat")
                    .host("chat.test")
                    .prefix("/more-" + i, "changing")
                    .yaml());
    site.weir().awaitStatus("changing-" + i + ".test", "/", 200);
  }

  @Test
  void webSocketsWorkOverTls() throws IOException {
    try (var wire = Wire.tls(site.weir().https(), "chat.test")) {
      assertThat(upgrade(wire, "chat.test", "websocket").status()).isEqualTo(101);
      wire.send(Frames.masked("x"));
      assertThat(Frames.read(wire::bytes)).isEqualTo("xx");
    }
  }

  @Test
  void anyProtocolIsRelayedToItsEnd() throws IOException {
    try (var wire = site.wire()) {
      assertThat(upgrade(wire, "raw.test", "raw/1").status()).isEqualTo(101);
      assertThat(text(wire, 2)).isEqualTo("hi");
      for (int i = 0; i < 10; i++) {
        wire.send("\0bytes\r\n\r\n" + i);
        assertThat(text(wire, 11)).isEqualTo("\0bytes\r\n\r\n" + i);
      }
      wire.endOutput();
      assertThat(wire.isClosedByPeer()).isTrue();
    }
  }

  private static String text(Wire wire, int length) throws IOException {
    return new String(wire.bytes(length), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aRefusedUpgradeEndsTheConnection() throws IOException {
    try (var wire = site.wire()) {
      var head = upgrade(wire, "refuses.test", "websocket");

      assertThat(head.status()).isEqualTo(403);
      assertThat(wire.body(head).readAllBytes())
          .isEqualTo("no".getBytes(StandardCharsets.US_ASCII));
      assertThat(wire.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void anUpgradeThatNobodyAskedForIs502() throws IOException {
    try (var wire = site.wire()) {
      assertThat(wire.get("pushy.test", "/").status()).isEqualTo(502);
    }
  }

  @Test
  void theEndOfTheEndpointIsTheEndOfTheClient() throws IOException {
    try (var wire = site.wire()) {
      assertThat(upgrade(wire, "chat.test", "websocket").status()).isEqualTo(101);
      wire.send("\u0008\0");
      assertThat(wire.isClosedByPeer()).isTrue();
    } catch (EOFException e) {
      throw new AssertionError(e);
    }
  }
}
