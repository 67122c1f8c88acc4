package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies as bytes; {@code ~} stands for CR LF. Each is read whole and split at every place. */
class ReplyParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | HTTP/1.1 200 OK~Content-Length: 2~~hi                    | 200 [hi] reuse",
        "GET  | HTTP/1.1 200 OK~content-length:2 ~~hi                    | 200 [hi] reuse",
        "GET  | HTTP/1.1 200~Content-Length: 0~~                         | 200 [] reuse",
        "GET  | HTTP/1.1 200 ~Content-Length: 0~~                        | 200 [] reuse",
        "GET  | HTTP/1.1 299 ä öü~Content-Length: 0~~                    | 299 [] reuse",
        "GET  | HTTP/1.2 200 OK~Content-Length: 0~~                      | 200 [] reuse",
        "GET  | HTTP/1.0 200 OK~Content-Length: 2~~hi                    | 200 [hi] close",
        "GET  | HTTP/1.1 200 OK~Connection: Close~Content-Length: 2~~hi  | 200 [hi] close",
        "GET  | HTTP/1.1 200 OK~Connection: a, close~Content-Length: 0~~ | 200 [] close",
        "GET  | HTTP/1.1 200 OK~~until the end                           | 200 [until the end]"
            + " open",
        "GET  | HTTP/1.0 200 OK~~                                        | 200 [] open",
        "HEAD | HTTP/1.1 200 OK~Content-Length: 2~~                      | 200 [] reuse",
        "HEAD | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~             | 200 [] reuse",
        "HEAD | HTTP/1.1 200 OK~Content-Length: 2~~hi                    | 200 [] reuse +2",
        "GET  | HTTP/1.1 204 No Content~~                                | 204 [] reuse",
        "GET  | HTTP/1.1 204 No Content~Content-Length: 2~~hi            | 204 [] reuse +2",
        "GET  | HTTP/1.1 304 Not Modified~Content-Length: 2~~hi          | 304 [] reuse +2",
        "GET  | HTTP/1.1 200 OK~Content-Length: 2~~hiHTTP/1.1 200 OK~~   | 200 [hi] reuse +19",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hi~0~~     | 200 [hi] reuse",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: Chunked~~A  ~0123456789~1;x=y~a~000~T: u~~"
            + " | 200 [0123456789a] reuse",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0~~x         | 200 [] reuse +1",
        "GET  | HTTP/1.1 103 Early~Link: a~~HTTP/1.1 200 OK~Content-Length: 0~~ | 103 200 [] reuse",
        "GET  | HTTP/1.1 100 ~~HTTP/1.1 100 ~~HTTP/1.1 204 ~~            | 100 100 204 [] reuse",
        "UP   | HTTP/1.1 101 Switch~Upgrade: websocket~~raw              | 101 [raw] open",
        "UP   | HTTP/1.1 200 OK~Content-Length: 2~~hi                    | 200 [hi] reuse",
      })
  void anAcceptedReply(String request, String reply, String outcome) {
    check(request, bytes(reply), outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nHTTP/1.1 200 OK~Content-Length: 0~~",
        "ICY 200 OK~~",
        "HTTP/2.0 200 OK~~",
        "HTTP/9.9 200 OK~~",
        "HTTP/1.x 200 OK~~",
        "http/1.1 200 OK~~",
        "HTTP/1.1  200 OK~~",
        "HTTP/1.1 99 Low~~",
        "HTTP/1.1 099 Low~~",
        "HTTP/1.1 1000 High~~",
        "HTTP/1.1 2xx OK~~",
        "HTTP/1.1 200OK~~",
        "HTTP/1.1 200 O\0K~~",
        "HTTP/1.1 200 OK\nContent-Length: 0~~",
        "HTTP/1.1 200 OK~Content-Length: 0\n~",
        "HTTP/1.1 200 OK~Content-Length: 0~\n",
        "HTTP/1.1 200 OK~A: b\rc~Content-Length: 0~~",
        "HTTP/1.1 200 OK~A: b\0c~Content-Length: 0~~",
        "HTTP/1.1 200 OK~A : b~Content-Length: 0~~",
        "HTTP/1.1 200 OK~ A: b~Content-Length: 0~~",
        "HTTP/1.1 200 OK~A: b~ folded~Content-Length: 0~~",
        "HTTP/1.1 200 OK~no colon~Content-Length: 0~~",
        "HTTP/1.1 200 OK~: b~Content-Length: 0~~",
        "HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 2~~hi",
        "HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 3~~hi",
        "HTTP/1.1 200 OK~Content-Length: 1,1~~h",
        "HTTP/1.1 200 OK~Content-Length: +2~~hi",
        "HTTP/1.1 200 OK~Content-Length: -2~~hi",
        "HTTP/1.1 200 OK~Content-Length: 0x2~~hi",
        "HTTP/1.1 200 OK~Content-Length: 2 2~~hi",
        "HTTP/1.1 200 OK~Content-Length:~~hi",
        "HTTP/1.1 200 OK~Content-Length: 9999999999999999999~~hi",
        "HTTP/1.1 200 OK~Content-Length: 2~Transfer-Encoding: chunked~~2~hi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~Content-Length: 2~~2~hi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip~~hi",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip, chunked~~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: xchunked~Content-Length: 1~~h",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding:~~0~~",
        "HTTP/1.0 200 OK~Transfer-Encoding: chunked~~0~~",
        "HTTP/1.1 100 Continue~Content-Length: 3~~abcHTTP/1.1 204 ~~",
        "HTTP/1.1 103 Early~Transfer-Encoding: chunked~~0~~",
        "HTTP/1.1 101 Switch~Upgrade: websocket~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~x~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~~hi",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-2~hi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0x2~hi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2\nhi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hi0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hix~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2;a=\"b\"~hi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2;a\n~hi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~10000000000000000~hi~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0~A: b\n~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0~A: \0~~",
      })
  void aMalformedReply(String reply) {
    check("GET", bytes(reply), "malformed");
  }

  @Test
  void moreThanEightInformationalRepliesAreMalformed() {
    var one = "HTTP/1.1 103 Early~~";
    check("GET", bytes(one.repeat(8) + "HTTP/1.1 204 ~~"), "103 ".repeat(8) + "204 [] reuse");
    assertThat(read("GET", bytes(one.repeat(9) + "HTTP/1.1 204 ~~"), List.of()))
        .endsWith("malformed");
  }

  @Test
  void headsHaveLimits() {
    var large = "HTTP/1.1 204 ~A: " + "x".repeat(ReplyParser.MAX_HEAD - 22) + "~~";
    assertThat(bytes(large).length).isEqualTo(ReplyParser.MAX_HEAD);
    assertThat(read("GET", bytes(large), List.of(7))).isEqualTo("204 [] reuse");
    var larger = large.replace("A: ", "A: x");
    assertThat(read("GET", bytes(larger), List.of(7))).isEqualTo("malformed");
    assertThat(read("GET", bytes("HTTP/1.1 204 ~" + "A: b~".repeat(256) + "~"), List.of()))
        .isEqualTo("204 [] reuse");
    assertThat(read("GET", bytes("HTTP/1.1 204 ~" + "A: b~".repeat(257) + "~"), List.of()))
        .isEqualTo("malformed");
    assertThat(read("GET", bytes("HTTP/1.1 200 " + "x".repeat(70_000)), List.of()))
        .isEqualTo("malformed");
  }

  @Test
  void aHeadTellsItsFieldsAndHowLongTheBodyIs() throws Exception {
    var parser = new ReplyParser();
    parser.begin(false, false);
    var in =
        Unpooled.wrappedBuffer(
            bytes(
                "HTTP/1.1 404 Not here~Set-Cookie: a~X:  b c \t~set-cookie: d~"
                    + "Keep-Alive: timeout=5, max=3~Content-Length: 7~~"));
    assertThat(parser.next(in)).isEqualTo(ReplyParser.Event.HEAD);
    var head = parser.head();
    assertThat(head.status()).isEqualTo(404);
    assertThat(head.reason()).isEqualTo("Not here");
    assertThat(head.bodyLength()).isEqualTo(7);
    assertThat(head.fields().all("SET-COOKIE")).containsExactly("a", "d");
    assertThat(head.fields().first("x")).isEqualTo("b c");
    assertThat(head.fields().size()).isEqualTo(5);
    assertThat(parser.keepAliveSeconds()).isEqualTo(5);
  }

  @Test
  void aReplyWithoutContentLosesItsFramingFields() throws Exception {
    var parser = new ReplyParser();
    parser.begin(false, false);
    parser.next(Unpooled.wrappedBuffer(bytes("HTTP/1.1 204 None~Content-Length: 3~A: b~~")));
    assertThat(parser.head().fields().contains("content-length")).isFalse();
    assertThat(parser.head().fields().first("a")).isEqualTo("b");
  }

  @Test
  void bytesWithoutARequestAreMalformed() {
    var parser = new ReplyParser();
    assertThatThrownBy(() -> parser.next(Unpooled.wrappedBuffer(bytes("HTTP/1.1 200 OK~~"))))
        .isInstanceOf(MalformedReplyException.class);
  }

  private static void check(String request, byte[] reply, String outcome) {
    assertThat(read(request, reply, List.of())).isEqualTo(outcome);
    var everyByte = new ArrayList<Integer>();
    for (int i = 1; i < reply.length; i++) {
      everyByte.add(i);
      if (!outcome.contains("+")) {
        assertThat(read(request, reply, List.of(i))).as("split at %d", i).isEqualTo(outcome);
      }
    }
    if (!outcome.contains("+")) {
      assertThat(read(request, reply, everyByte)).as("byte by byte").isEqualTo(outcome);
    }
  }

  private static String read(String request, byte[] reply, List<Integer> splits) {
    var parser = new ReplyParser();
    parser.begin(request.equals("HEAD"), request.equals("UP"));
    var outcome = new StringBuilder();
    var body = new StringBuilder();
    int from = 0;
    for (int i = 0; i <= splits.size(); i++) {
      int to = i < splits.size() ? splits.get(i) : reply.length;
      var in = Unpooled.wrappedBuffer(reply, from, to - from);
      from = to;
      try {
        if (feed(parser, in, outcome, body)) {
          outcome.append('[').append(body).append(']');
          outcome.append(parser.reusable() ? " reuse" : " close");
          int rest = in.readableBytes() + reply.length - to;
          return rest == 0 ? outcome.toString() : outcome + " +" + rest;
        }
      } catch (MalformedReplyException e) {
        return (outcome.isEmpty() || outcome.toString().startsWith("200") ? "" : outcome)
            + "malformed";
      } finally {
        in.release();
      }
    }
    outcome.append('[').append(body).append(']');
    return outcome + (parser.endsAtClose() ? " open" : " incomplete");
  }

  private static boolean feed(
      ReplyParser parser, ByteBuf in, StringBuilder outcome, StringBuilder body)
      throws MalformedReplyException {
    while (true) {
      switch (parser.next(in)) {
        case MORE -> {
          return false;
        }
        case INFORMATIONAL, HEAD -> outcome.append(parser.head().status()).append(' ');
        case BODY -> {
          var piece = parser.takeBody();
          body.append(piece.toString(StandardCharsets.ISO_8859_1));
          piece.release();
        }
        case END -> {
          return true;
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
