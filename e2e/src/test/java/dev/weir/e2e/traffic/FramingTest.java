package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Crlf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where messages begin and end, on both sides, and what a connection is used for next. */
@TestInstance(Lifecycle.PER_CLASS)
class FramingTest {
  private final Backend echo = Backend.echo("echo");

  // For one test alone: connections that another test broke off may be accepted late.
  private final Backend kept = Backend.echo("kept");
  private final Site site =
      Site.of(
          echo,
          kept,
          Backend.scripted(
              "chunks",
              Script.saying(
                  Crlf.of(
                      """
                      HTTP/1.1 200 OK
                      Transfer-Encoding: chunked

                      5;x=y
                      hello
                      6
                       world
                      0
                      X-T: t

                      """))),
          Backend.scripted(
              "untilclose",
              call -> {
                call.write("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nall of it");
                call.close();
              }),
          Backend.scripted(
              "cut",
              call -> {
                call.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
                call.close();
              }),
          Backend.scripted("nocontent", Script.saying("HTTP/1.1 204 No Content\r\nX-B: b\r\n\r\n")),
          Backend.scripted(
              "notmodified",
              Script.saying(
                  "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: \"e\"\r\n\r\n")),
          Backend.scripted(
              "hints",
              Script.saying(
                  Crlf.of(
                      """
                      HTTP/1.1 103 Early Hints
                      Link: </s.css>

                      HTTP/1.1 200 OK
                      Content-Length: 2

                      ok\
                      """))),
          Backend.scripted(
              "reasons",
              Script.saying(
                  Crlf.of(
                      """
                      HTTP/1.1 418 Short And Stout
                      Connection: X-Hop
                      X-Hop: h
                      Keep-Alive: timeout=9
                      Set-Cookie: a=1
                      Set-Cookie: b=2
                      Server: mine
                      Content-Length: 0

                      """))));

  @AfterAll
  void close() {
    site.close();
  }

  @Test
  void aConnectionServesManyRequestsAndSoDoesTheOneToTheEndpoint() throws IOException {
    try (var wire = site.wire()) {
      for (int i = 0; i < 50; i++) {
        assertThat(wire.get("kept.test", "/" + i).echoed().target()).isEqualTo("/" + i);
      }
    }
    assertThat(kept.connections()).isEqualTo(1);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    var requests = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      var host = i % 5 == 4 ? "nobody.test" : i % 2 == 0 ? "echo.test" : "chunks.test";
      requests.append("GET /" + i + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }
    try (var wire = site.wire().send(requests.toString())) {
      for (int i = 0; i < 20; i++) {
        var reply = wire.reply();
        if (i % 5 == 4) {
          assertThat(reply.status()).isEqualTo(404);
        } else if (i % 2 == 0) {
          assertThat(reply.echoed().target()).isEqualTo("/" + i);
        } else {
          assertThat(reply.text()).isEqualTo("hello world");
        }
      }
    }
  }

  @Test
  void aRequestMayComeByteByByte() throws IOException {
    try (var wire = site.wire()) {
      for (char c :
          "POST /slow HTTP/1.1\r\nHost: echo.test\r\nContent-Length: 3\r\n\r\nabc".toCharArray()) {
        wire.send(String.valueOf(c));
      }
      assertThat(wire.reply().echoedBody()).isEqualTo("abc");
    }
  }

  @Test
  void chunkedRequestsArriveWhole() throws IOException {
    try (var wire = site.wire()) {
      wire.send("POST / HTTP/1.1\r\nHost: echo.test\r\nTransfer-Encoding: chunked\r\n\r\n");
      wire.send("3\r\nabc\r\n").send("4;ext=1\r\ndefg\r\n").send("0\r\nX-Trailer: t\r\n\r\n");
      var reply = wire.reply();

      assertThat(reply.echoedBody()).isEqualTo("abcdefg");
      assertThat(reply.echoed().field("content-length")).isNull();
      assertThat(wire.get("echo.test", "/next").status()).isEqualTo(200);
    }
  }

  @Test
  void chunkedRepliesArriveWholeAndWithoutTrailers() throws IOException {
    try (var wire = site.wire()) {
      var reply = wire.get("chunks.test", "/");

      assertThat(reply.text()).isEqualTo("hello world");
      assertThat(reply.head().field("transfer-encoding")).isEqualTo("chunked");
      assertThat(wire.get("chunks.test", "/").text()).isEqualTo("hello world");
    }
  }

  @Test
  void anOldClientGetsAChunkedReplyByTheEndOfTheConnection() throws IOException {
    try (var wire = site.wire()) {
      var reply = wire.send("GET / HTTP/1.0\r\nHost: chunks.test\r\n\r\n").reply();

      assertThat(reply.head().field("transfer-encoding")).isNull();
      assertThat(reply.text()).isEqualTo("hello world");
    }
  }

  @Test
  void aReplyThatEndsWithItsConnectionArrivesWhole() throws IOException {
    try (var wire = site.wire()) {
      assertThat(wire.get("untilclose.test", "/").text()).isEqualTo("all of it");
      assertThat(wire.get("echo.test", "/").status()).isEqualTo(200);
    }
  }

  @Test
  void aReplyCutShortIsNotPassedOffAsWhole() throws IOException {
    try (var wire = site.wire()) {
      var head = wire.send("GET / HTTP/1.1\r\nHost: cut.test\r\n\r\n").head();

      assertThat(head.status()).isEqualTo(200);
      assertThat(new String(wire.bytes(5), StandardCharsets.US_ASCII)).isEqualTo("short");
      assertThat(wire.isClosedByPeer()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, nocontent.test, 204", "GET, notmodified.test, 304", "HEAD, echo.test, 200"})
  void repliesWithoutBodyEndWithTheirHead(String method, String host, int status)
      throws IOException {
    try (var wire = site.wire()) {
      for (int i = 0; i < 3; i++) {
        var reply = wire.send(method + " / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").reply(method);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.head().field("transfer-encoding")).isNull();
      }
      assertThat(wire.get("echo.test", "/").status()).isEqualTo(200);
    }
  }

  @Test
  void headKeepsTheLengthThatTheEndpointNamed() throws IOException {
    try (var wire = site.wire()) {
      var reply = wire.send("HEAD / HTTP/1.1\r\nHost: echo.test\r\n\r\n").reply("HEAD");

      assertThat(Integer.parseInt(String.valueOf(reply.field("content-length")))).isPositive();
    }
  }

  @Test
  void expect100ContinueIsAnsweredBeforeTheBodyIsSent() throws IOException {
    try (var wire = site.wire()) {
      wire.send(
          Crlf.of(
              """
              POST / HTTP/1.1
              Host: echo.test
              Content-Length: 5
              Expect: 100-continue

              """));
      assertThat(wire.head().raw()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

      var reply = wire.send("hello").reply();
      assertThat(reply.echoedBody()).isEqualTo("hello");
      assertThat(reply.echoed().field("expect")).isNull();
    }
  }

  @Test
  void expect100ContinueForABodyThatIsRefusedGetsTheRefusalOnly() throws IOException {
    try (var wire = site.wire()) {
      wire.send(
          Crlf.of(
              """
              POST / HTTP/1.1
              Host: echo.test
              Content-Length: 2000000
              Expect: 100-continue

              """));
      assertThat(wire.reply().status()).isEqualTo(413);
    }
  }

  @Test
  void unknownExpectationsAre417() throws IOException {
    try (var wire = site.wire()) {
      wire.send("GET / HTTP/1.1\r\nHost: echo.test\r\nExpect: magic\r\n\r\n");
      assertThat(wire.reply().status()).isEqualTo(417);
    }
  }

  @Test
  void earlyHintsArePassedOn() throws IOException {
    try (var wire = site.wire()) {
      wire.send("GET / HTTP/1.1\r\nHost: hints.test\r\n\r\n");
      var hint = wire.head();

      assertThat(hint.status()).isEqualTo(103);
      assertThat(hint.field("link")).isEqualTo("</s.css>");
      assertThat(wire.reply().text()).isEqualTo("ok");
    }
  }

  @Test
  void repliesKeepStatusReasonAndFieldsButNoneOfTheConnection() throws IOException {
    try (var wire = site.wire()) {
      var reply = wire.get("reasons.test", "/");

      assertThat(reply.head().startLine()).isEqualTo("HTTP/1.1 418 Short And Stout");
      assertThat(reply.all("set-cookie")).containsExactly("a=1", "b=2");
      assertThat(reply.field("x-hop")).isNull();
      assertThat(reply.field("keep-alive")).isNull();
    }
  }

  @Test
  void connectionCloseIsAnsweredAndDone() throws IOException {
    try (var wire = site.wire()) {
      wire.send("GET / HTTP/1.1\r\nHost: echo.test\r\nConnection: close\r\n\r\n");
      assertThat(wire.reply().field("connection")).isEqualTo("close");
      assertThat(wire.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleHurtsNobody() throws IOException {
    for (int i = 0; i < 20; i++) {
      var wire = site.wire();
      wire.send("POST / HTTP/1.1\r\nHost: echo.test\r\nContent-Length: 1000\r\n\r\nhalf");
      wire.reset();
    }
    assertThat(site.weir().get("echo.test", "/").status()).isEqualTo(200);
  }
}
