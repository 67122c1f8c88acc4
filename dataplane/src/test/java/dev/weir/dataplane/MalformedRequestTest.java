package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** hardening.md 4.1 to 4.3: raw bytes in, a status out, nothing at the backend. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
@TestInstance(Lifecycle.PER_CLASS)
class MalformedRequestTest {
  private static final String H = "Host: shop.example.com\r\n";
  private RawBackend backend;
  private TestPlane plane;

  @BeforeAll
  void start() throws Exception {
    backend = RawBackend.echo();
    plane = TestPlane.forwardingTo(backend);
  }

  @AfterAll
  void stop() throws Exception {
    plane.close();
    backend.close();
  }

  static Stream<Arguments> framing() {
    return Stream.of(
        post(400, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        raw(400, "POST / HTTP/1.0\r\n" + H + "Transfer-Encoding: chunked\r\n\r\n"),
        raw(
            400,
            "POST / HTTP/1.0\r\n" + H + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"),
        post(400, "Content-Length: 1\r\nContent-Length: 0\r\n"),
        post(400, "Content-Length: 0\r\nContent-Length: 0\r\n"),
        post(400, "Content-Length: 1, 1\r\n"),
        post(400, "Content-Length: +1\r\n"),
        post(400, "Content-Length: -1\r\n"),
        post(400, "Content-Length: 0x1\r\n"),
        post(400, "Content-Length: 1_0\r\n"),
        post(400, "Content-Length: 1 1\r\n"),
        post(400, "Content-Length: 1e1\r\n"),
        post(400, "Content-Length: \u00a01\r\n"),
        post(400, "Content-Length:\r\n"),
        post(400, "Content-Length: 18446744073709551617\r\n"),
        post(413, "Content-Length: 9223372036854775807\r\n"),
        post(400, "Transfer-Encoding: identity\r\nContent-Length: 1\r\n"),
        post(501, "Transfer-Encoding: xchunked\r\n"),
        post(501, "Transfer-Encoding: chunkedx\r\n"),
        post(501, "Transfer-Encoding: \"chunked\"\r\n"),
        post(501, "Transfer-Encoding: gzip, chunked\r\n"),
        post(400, "Transfer-Encoding: identity, chunked\r\n"),
        post(400, "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"),
        post(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        post(400, "Transfer-Encoding: chunked, chunked\r\n"),
        post(400, "Transfer-Encoding: chunked;p=1\r\n"),
        post(400, "Transfer-Encoding:\r\n"),
        post(400, "Transfer-Encoding: \u000bchunked\r\n"),
        post(400, "Transfer-Encoding: \u00a0chunked\r\n"),
        post(400, "Transfer-Encoding: chunked\0\r\n"),
        post(
            400,
            "Connection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key1: a\r\n"
                + "Sec-WebSocket-Key2: b\r\n"));
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        get(400, "X-A: 1\r\n folded\r\n"),
        raw(400, "GET / HTTP/1.1\n" + H + "\r\n"),
        raw(400, "GET / HTTP/1.1\r\n" + H + "X-A: 1\n\r\n"),
        raw(400, "GET / HTTP/1.1\r\n" + H + "\n"),
        get(400, "X-A: 1\r2\r\n"),
        get(400, "X-A: 1\r\r\n"),
        get(400, "X-A: 1\0002\r\n"),
        get(400, "X-A: \u0008\r\n"),
        get(400, "X-A: \u007f\r\n"),
        get(400, "X-A : 1\r\n"),
        get(400, "X A: 1\r\n"),
        get(400, ": 1\r\n"),
        get(400, "no colon\r\n"),
        raw(400, "GET / HTTP/1.1\r\n\r\n"),
        raw(400, "GET / HTTP/1.1\r\n" + H + H + "\r\n"),
        raw(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        raw(400, "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        raw(400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        get(400, "Connection: close, X-Forwarded-For\r\n"),
        get(400, "Connection: x-real-ip\r\n"),
        get(400, "Connection: Host\r\n"),
        get(400, "Connection: AUTHORIZATION\r\n"),
        get(400, "Connection: Content-Length\r\n"),
        get(400, "Authorization: a\r\nAuthorization: b\r\n"),
        get(400, "Content-Type: a\r\nContent-Type: b\r\n"),
        get(400, "X-Forwarded-Proto: a\r\nX-Forwarded-Proto: b\r\n"),
        get(431, "X-A: 1\r\n".repeat(100)),
        get(431, "X-A: " + "a".repeat(17 * 1024) + "\r\n"),
        get(431, ("X-A: " + "a".repeat(8000) + "\r\n").repeat(5)));
  }

  static Stream<Arguments> startLines() {
    return Stream.of(
        line(400, "GET /a b HTTP/1.1"),
        line(400, "GET / HTTP/1.1 "),
        line(400, "GET  / HTTP/1.1"),
        line(400, " GET / HTTP/1.1"),
        line(400, "GET /"),
        raw(400, "\r\n\r\nGET / HTTP/1.1\r\n" + H + "\r\n"),
        raw(400, "\nGET / HTTP/1.1\r\n" + H + "\r\n"),
        raw(400, "\0GET / HTTP/1.1\r\n" + H + "\r\n"),
        raw(400, "\u0016\u0003\u0001\u0002\u0000"),
        line(505, "GET / HTTP/2.0"),
        line(505, "GET / HTTP/9.9"),
        line(400, "GET / http/1.1"),
        line(400, "GET / HTTP/1.10"),
        line(400, "GET / HTTP/01.1"),
        raw(400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        line(400, "GET admin HTTP/1.1"),
        line(400, "GET a:80 HTTP/1.1"),
        line(400, "GET * HTTP/1.1"),
        line(400, "OPTIONS */x HTTP/1.1"),
        line(400, "GET http://evil/ HTTP/1.1"),
        line(400, "GET http://x@shop.example.com/ HTTP/1.1"),
        line(405, "CONNECT a:443 HTTP/1.1"),
        line(405, "CONNECT / HTTP/1.1"),
        line(405, "TRACE / HTTP/1.1"),
        line(400, "GET /\u00e9 HTTP/1.1"),
        line(400, "GET /#x HTTP/1.1"),
        line(400, "GET /\\ HTTP/1.1"),
        line(400, "GET /<a> HTTP/1.1"),
        line(400, "GET /{a} HTTP/1.1"),
        line(400, "GET /?\" HTTP/1.1"),
        line(400, "G(T / HTTP/1.1"),
        line(501, "A".repeat(33) + " / HTTP/1.1"),
        line(400, "GET /%zz HTTP/1.1"),
        line(400, "GET /%4 HTTP/1.1"),
        line(400, "GET /%00 HTTP/1.1"),
        line(400, "GET /%0d%0a HTTP/1.1"),
        line(400, "GET /%c0%af HTTP/1.1"),
        line(400, "GET /../x HTTP/1.1"),
        line(414, "GET /" + "a".repeat(8200) + " HTTP/1.1"));
  }

  static Stream<Arguments> chunks() {
    return Stream.of(
        get(417, "Expect: the-best\r\n"),
        chunked(400, "0x1\r\nZ\r\n0\r\n\r\n"),
        chunked(400, "+1\r\nZ\r\n0\r\n\r\n"),
        chunked(400, " 1\r\nZ\r\n0\r\n\r\n"),
        chunked(400, "1 \r\nZ\r\n0\r\n\r\n"),
        chunked(400, "1Z\r\nZ\r\n0\r\n\r\n"),
        chunked(400, "00000000000000000001\r\nZ\r\n0\r\n\r\n"),
        chunked(400, "\r\nZ\r\n0\r\n\r\n"),
        chunked(400, "1\nZ\r\n0\r\n\r\n"),
        chunked(400, "1\r\r\nZ\r\n0\r\n\r\n"),
        chunked(400, "1;\r\nZ\r\n0\r\n\r\n"),
        chunked(400, "1;a=\"\r\nZ\"\r\n0\r\n\r\n"),
        chunked(400, "1\r\nZZ\r\n0\r\n\r\n"),
        chunked(400, "1\r\nZ\n0\r\n\r\n"),
        chunked(400, "0\r\n\n"),
        chunked(400, "0\r\nA: 1\r\n folded\r\n\r\n"),
        chunked(400, "0\r\nA: \0\r\n\r\n"));
  }

  private static Arguments raw(int status, String request) {
    return Arguments.of(status, request);
  }

  private static Arguments get(int status, String fields) {
    return raw(status, "GET / HTTP/1.1\r\n" + H + fields + "\r\n");
  }

  private static Arguments post(int status, String fields) {
    return raw(status, "POST / HTTP/1.1\r\n" + H + fields + "\r\nabcdefgh");
  }

  private static Arguments line(int status, String line) {
    return raw(status, line + "\r\n" + H + "\r\n");
  }

  private static Arguments chunked(int status, String body) {
    return raw(status, "POST / HTTP/1.1\r\n" + H + "Transfer-Encoding: cHuNkEd\r\n\r\n" + body);
  }

  @ParameterizedTest
  @MethodSource({"framing", "fields", "startLines", "chunks"})
  void isAnsweredWithItsStatusAndTheConnectionEnds(int status, String request) throws Exception {
    int before = backend.requests().size();
    try (var client = plane.client()) {
      var reply = client.send(request + "GET /smuggled HTTP/1.1\r\n" + H + "\r\n").read();
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(reply.field("server")).isEmpty();
      assertThat(reply.body()).contains("<center><h1>" + status + " ");
      assertThat(client.readToEnd()).isEmpty();
    }
    if (request.length() < 1000) {
      try (var client = plane.client()) {
        for (byte b : request.getBytes(StandardCharsets.ISO_8859_1)) {
          client.send(new byte[] {b});
        }
        assertThat(client.read().status()).isEqualTo(status);
      }
    }
    assertThat(backend.requests()).hasSize(before);
  }

  static Stream<String> accepted() {
    return Stream.of(
        "POST / HTTP/1.1\r\n" + H + "\r\n",
        "\r\nGET / HTTP/1.1\r\n" + H + "\r\n",
        "GET / HTTP/1.2\r\n" + H + "\r\n",
        "GET / HTTP/1.1\r\nHost: SHOP.example.com.\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop.example.com:443\r\n\r\n",
        "GET http://shop.example.com/ HTTP/1.1\r\n" + H + "\r\n",
        "GET HTTPS://shop.example.com?x HTTP/1.1\r\n" + H + "\r\n",
        "OPTIONS * HTTP/1.1\r\n" + H + "\r\n",
        "GET /" + "a".repeat(7900) + " HTTP/1.1\r\n" + H + "\r\n",
        "GET / HTTP/1.1\r\n" + H + "X-A:\t\u00ff\t1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + H + "X-A:\r\n" + "X-B: 1\r\n".repeat(98) + "\r\n",
        "GET / HTTP/1.1\r\n" + H + "Transfer_Encoding: chunked\r\nContent_Length: 5\r\n\r\n",
        "GET / HTTP/1.1\r\n"
            + H
            + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
        "POST / HTTP/1.1\r\n" + H + "Transfer-Encoding: CHUNKED\r\n\r\n1;a=b\r\nZ\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + H
            + "Transfer-Encoding: chunked\r\n\r\nA;a;b\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void whatIsUnambiguousIsServedHoweverItsBytesArrive(String request) throws Exception {
    try (var client = plane.client()) {
      assertThat(client.send(request).read().status()).isEqualTo(200);
      for (byte b : request.getBytes(StandardCharsets.ISO_8859_1)) {
        client.send(new byte[] {b});
      }
      assertThat(client.read().status()).isEqualTo(200);
    }
  }
}
