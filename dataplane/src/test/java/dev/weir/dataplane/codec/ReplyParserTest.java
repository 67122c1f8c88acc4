package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.wire.ReplySession;
import dev.weir.dataplane.wire.ReplySession.Asked;
import dev.weir.dataplane.wire.ReplySession.End;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the byte corpus does not say; {@code ~} stands for CR LF. */
class ReplyParserTest {
  @Test
  void headsHaveLimits() {
    var large = "HTTP/1.1 204 ~A: " + "x".repeat(ReplyParser.MAX_HEAD - 22) + "~~";
    assertThat(bytes(large).length).isEqualTo(ReplyParser.MAX_HEAD);
    assertThat(end(large)).isEqualTo(End.REUSABLE);
    assertThat(end(large.replace("A: ", "A: x"))).isEqualTo(End.MALFORMED);
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

  private static End end(String reply) {
    return ReplySession.read(Asked.GET, bytes(reply), 7).end();
  }

  private static byte[] bytes(String text) {
    return text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
