package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestForm;
import dev.weir.dataplane.http.RequestForm.Connection;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.upstream.TestRequest;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadWriterTest {
  private final HeadEdits edits = new HeadEdits();

  @Test
  void theHostComesFirstAndTheRestInTheOrderReceived() {
    assertThat(write(TestRequest.get("/a?b", "B: 1", "Host: x", "A: 2", "B: 3")))
        .isEqualTo("GET /a?b HTTP/1.1|Host: shop.example.com|B: 1|A: 2|B: 3||");
  }

  @Test
  void hopByHopFieldsAndNominatedOnesStay() {
    assertThat(
            write(
                TestRequest.get(
                    "/",
                    "Connection: close, X-Hop",
                    "X-Hop: 1",
                    "Keep-Alive: timeout=3",
                    "Proxy-Connection: keep-alive",
                    "Proxy-Authorization: Basic x",
                    "TE: trailers",
                    "Trailer: X",
                    "Transfer-Encoding: chunked",
                    "Upgrade: websocket",
                    "HTTP2-Settings: AAA",
                    "Expect: 100-continue",
                    "X-End: 2")))
        .isEqualTo("GET / HTTP/1.1|Host: shop.example.com|X-End: 2||");
  }

  @Test
  void laterEditsWin() {
    edits.set("A", "1").add("a", "2").remove("b").set("C", "3").remove("c").add("d", "4");
    edits.set("host", "other").target("/new");
    assertThat(write(TestRequest.get("/old", "A: x", "B: x", "C: x", "D: x")))
        .isEqualTo("GET /new HTTP/1.1|Host: other|D: x|a: 1|a: 2|d: 4||");
  }

  @Test
  void editsDoNotTouchTheFraming() {
    edits.set("content-length", "9").set("transfer-encoding", "gzip").set("connection", "x");
    assertThat(write(TestRequest.post("/", 3)))
        .isEqualTo("POST / HTTP/1.1|Host: shop.example.com|Content-Length: 3||");
  }

  @Test
  void theFramingFollowsFromTheLength() {
    assertThat(write(TestRequest.post("/", RequestHead.UNKNOWN_LENGTH, "Content-Length: 7")))
        .isEqualTo("POST / HTTP/1.1|Host: shop.example.com|Transfer-Encoding: chunked||");
    assertThat(write(TestRequest.post("/", 0)))
        .isEqualTo("POST / HTTP/1.1|Host: shop.example.com|Content-Length: 0||");
    assertThat(write(TestRequest.get("/", "Content-Length: 0")))
        .isEqualTo("GET / HTTP/1.1|Host: shop.example.com|Content-Length: 0||");
  }

  @Test
  void anUpgradeIsPassedOnUnlessItIsToHttp2() {
    assertThat(write(TestRequest.get("/").upgradingTo("websocket")))
        .isEqualTo(
            "GET / HTTP/1.1|Host: shop.example.com|Connection: upgrade|Upgrade: websocket||");
    assertThat(write(TestRequest.get("/").upgradingTo("h2c")))
        .isEqualTo("GET / HTTP/1.1|Host: shop.example.com||");
  }

  @Test
  void aRequestMayHaveAnotherForm() {
    var websocket = TestRequest.get("/").upgradingTo("websocket");
    edits.form(new RequestForm(false, Connection.KEEP_ALIVE));
    assertThat(write(websocket))
        .isEqualTo("GET / HTTP/1.1|Host: shop.example.com|Connection: keep-alive||");
    edits.form(new RequestForm(false, Connection.CLOSE));
    assertThat(write(websocket))
        .isEqualTo("GET / HTTP/1.1|Host: shop.example.com|Connection: close||");
    edits.form(new RequestForm(true, Connection.USUAL));
    assertThat(write(websocket)).isEqualTo("GET / HTTP/1.0|Host: shop.example.com||");
  }

  @Test
  void bytesAboveAsciiPassUnchanged() {
    assertThat(write(TestRequest.get("/\u00e4", "A: \u00ff")))
        .isEqualTo("GET /\u00e4 HTTP/1.1|Host: shop.example.com|A: \u00ff||");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\0", "\u0101"})
  void aValueThatWouldSplitTheHeadIsRefused(String value) {
    edits.set("x", value);
    assertThatThrownBy(() -> write(TestRequest.get("/")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a:", "", "a\r\n"})
  void aNameThatIsNoTokenIsRefused(String name) {
    edits.set(name, "x");
    assertThatThrownBy(() -> write(TestRequest.get("/")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/\r\n", "", "/\u007f"})
  void aTargetThatWouldSplitTheRequestLineIsRefused(String target) {
    edits.target(target);
    assertThatThrownBy(() -> write(TestRequest.get("/")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String write(RequestHead head) {
    var out = Unpooled.buffer();
    RequestHeadWriter.write(
        head, edits, new RequestHeadWriter.Framing(head.bodyLength(), false, "10.0.0.1:80"), out);
    return out.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "|");
  }
}
