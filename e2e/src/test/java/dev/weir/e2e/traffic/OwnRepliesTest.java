package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Reply;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies that no endpoint made (ingress-nginx.md 4.10). */
@TestInstance(Lifecycle.PER_CLASS)
class OwnRepliesTest {
  private final Backends none = new Backends();
  private final Site site;

  OwnRepliesTest() {
    var echo = Backend.echo("echo");
    var refused =
        Objects.service("refused", List.of(none.freeAddress()), echo.port())
            + Objects.ingress("refused", "refused.test", "refused");
    site =
        Site.of(
            "",
            refused
                + Ingress.named("mute")
                    .setting("proxy-read-timeout", "1")
                    .host("mute.test")
                    .prefix("/", "silent")
                    .yaml()
                + Objects.serviceAlone("empty")
                + Objects.ingress("empty", "empty.test", "empty"),
            echo,
            Backend.scripted("resets", Script.Call::reset),
            Backend.scripted("closes", Script.Call::close),
            Backend.scripted("garbage", Script.saying("SSH-2.0-OpenSSH_9.9\r\n\r\n")),
            Backend.scripted(
                "twice",
                Script.saying(
                    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")),
            Backend.scripted(
                "huge",
                Script.saying(
                    "HTTP/1.1 200 OK\r\nX-Huge: "
                        + "h".repeat(70_000)
                        + "\r\nContent-Length: 0\r\n\r\n")),
            Backend.scripted("silent", call -> call.socket().getInputStream().read()));
  }

  @AfterAll
  void close() {
    site.close();
    none.close();
  }

  @ParameterizedTest(name = "{0}{1} -> {2}")
  @CsvSource({
    "nobody.test,  /, 404, 404 Not Found",
    "empty.test,   /, 503, 503 Service Temporarily Unavailable",
    "refused.test, /, 502, 502 Bad Gateway",
    "resets.test,  /, 502, 502 Bad Gateway",
    "closes.test,  /, 502, 502 Bad Gateway",
    "garbage.test, /, 502, 502 Bad Gateway",
    "twice.test,   /, 502, 502 Bad Gateway",
    "huge.test,    /, 502, 502 Bad Gateway",
    "mute.test,    /, 504, 504 Gateway Time-out"
  })
  void isAPageWithItsStatus(String host, String target, int status, String title)
      throws IOException {
    try (var wire = site.wire()) {
      assertPage(wire.get(host, target), status, title);
      assertThat(wire.get("echo.test", "/").status()).as("next on the connection").isEqualTo(200);
    }
  }

  private static void assertPage(Reply reply, int status, String title) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.text()).contains("<title>" + title + "</title>").doesNotContain("nginx");
    assertThat(reply.field("content-type")).isEqualTo("text/html");
    assertThat(reply.field("server")).isNull();
    assertThat(reply.field("date")).isNotNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          two Hosts             | GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n | 400 | 400 Bad Request
          no version            | GET /\\r\\n\\r\\n                                   | 400 | 400 Bad Request
          space before colon    | GET / HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n            | 400 | 400 Bad Request
          folded field          | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: a\\r\\n b\\r\\n\\r\\n | 400 | 400 Bad Request
          length and chunked    | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n | 400 | 400 Bad Request
          two lengths           | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nx | 400 | 400 Bad Request
          negative length       | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -1\\r\\n\\r\\n | 400 | 400 Bad Request
          above the root        | GET /../x HTTP/1.1\\r\\nHost: echo.test\\r\\n\\r\\n | 400 | 400 Bad Request
          half an escape        | GET /%2 HTTP/1.1\\r\\nHost: echo.test\\r\\n\\r\\n   | 400 | 400 Bad Request
          """)
  void refusesWhatIsMalformedAndCloses(String what, String request, int status, String title)
      throws IOException {
    try (var wire = site.wire()) {
      assertPage(
          wire.send(request.replace("\\r", "\r").replace("\\n", "\n")).reply(), status, title);
      assertThat(wire.isClosedByPeer()).as(what).isTrue();
    }
  }

  @Test
  void aRequestLineTooLongIs414() throws IOException {
    try (var wire = site.wire()) {
      wire.send("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: echo.test\r\n\r\n");
      assertThat(wire.reply().status()).isEqualTo(414);
      assertThat(wire.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void fieldsTooLargeAre431() throws IOException {
    try (var wire = site.wire()) {
      wire.send("GET / HTTP/1.1\r\nHost: echo.test\r\nX: " + "x".repeat(200_000) + "\r\n\r\n");
      assertThat(wire.reply().status()).isEqualTo(431);
      assertThat(wire.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void tooManyFieldsAre431() throws IOException {
    try (var wire = site.wire()) {
      wire.send("GET / HTTP/1.1\r\nHost: echo.test\r\n" + "X: x\r\n".repeat(2000) + "\r\n");
      assertThat(wire.reply().status()).isEqualTo(431);
    }
  }

  @Test
  void plainHttpOnTheTlsPortIs400() throws IOException {
    try (var wire = Wire.to(site.weir().https())) {
      var reply = wire.get("echo.test", "/");

      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.text()).contains("The plain HTTP request was sent to HTTPS port");
      assertThat(wire.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void anOwnReplyToHeadHasNoBody() throws IOException {
    try (var wire = site.wire()) {
      var reply = wire.send("HEAD / HTTP/1.1\r\nHost: nobody.test\r\n\r\n").reply("HEAD");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(wire.get("echo.test", "/").status()).isEqualTo(200);
    }
  }
}
