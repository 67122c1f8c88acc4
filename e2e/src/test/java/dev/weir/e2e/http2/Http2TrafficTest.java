package dev.weir.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Crlf;
import dev.weir.e2e.wire.Head;
import dev.weir.testsupport.http2.ErrorCode;
import dev.weir.testsupport.http2.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Messages between clients that speak HTTP/2 and endpoints that speak HTTP/1.1. */
@TestInstance(Lifecycle.PER_CLASS)
class Http2TrafficTest {
  private static final int MEGABYTE = 1 << 20;
  private static final String GRPC_REPLY =
      Crlf.of(
          """
          HTTP/1.1 200 OK
          Content-Type: application/grpc
          Transfer-Encoding: chunked
          Trailer: grpc-status

          5
          \0\0\0\0\0
          0
          Grpc-Status: 0
          Grpc-Message: fine

          """);

  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final CountDownLatch broken = new CountDownLatch(1);
  private final Backend held = Backend.scripted("held", this::answerWhenAllowed);
  private final Site site =
      Site.of(
          Backend.echo("echo"),
          held,
          Backend.scripted("grpc", Http2TrafficTest::grpc),
          Backend.scripted("waits", this::waitForTheEnd),
          Backend.scripted("source", Http2TrafficTest::send),
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
              "hops",
              Script.saying(
                  Crlf.of(
                      """
                      HTTP/1.1 200 Fine
                      Connection: X-Hop, keep-alive
                      X-Hop: h
                      Keep-Alive: timeout=9
                      Proxy-Connection: close
                      Set-Cookie: a=1
                      Set-Cookie: b=2
                      Content-Length: 0

                      """))),
          Backend.scripted(
              "cut",
              call -> {
                call.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
                call.close();
              }));

  @AfterAll
  void close() {
    mayAnswer.countDown();
    site.close();
  }

  private void answerWhenAllowed(Script.Call call) throws IOException, InterruptedException {
    assertThat(mayAnswer.await(60, TimeUnit.SECONDS)).isTrue();
    call.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
  }

  private static void grpc(Script.Call call) throws IOException {
    if (call.body().readAllBytes().length == 5) {
      call.write(GRPC_REPLY);
    }
  }

  /** Reads a request that doesn't end. */
  private void waitForTheEnd(Script.Call call) throws IOException {
    try {
      var _ = call.body().readAllBytes();
    } catch (IOException e) {
      broken.countDown();
      throw e;
    }
  }

  /** {@code /N} answers N megabytes. */
  private static void send(Script.Call call) throws IOException {
    int megabytes = Integer.parseInt(call.head().target().substring(1));
    call.write("HTTP/1.1 200 OK\r\nContent-Length: " + (long) megabytes * MEGABYTE + "\r\n\r\n");
    for (int i = 0; i < megabytes; i++) {
      call.write(new byte[MEGABYTE]);
    }
  }

  private Http2Wire plain() throws IOException {
    return Http2Wire.to(site.weir().http());
  }

  @Test
  void requestsAreTheSameToEndpointsOverTlsAndWithPriorKnowledge() throws IOException {
    try (var plain = plain();
        var secured = Http2Wire.tls(site.weir().https(), "echo.test")) {
      for (var client : List.of(plain, secured)) {
        var head =
            client
                .head("POST", "echo.test", "/a?b")
                .field("x-a", "1")
                .field("cookie", "a=b")
                .field("cookie", "c=d");
        int stream = client.request(head, false);
        client.body(stream, "hello".getBytes(StandardCharsets.UTF_8), true);
        var reply = client.reply(stream);
        assertThat(reply.status()).isEqualTo(200);
        var echoed = reply.echoed();
        assertThat(echoed.startLine()).isEqualTo("POST /a?b HTTP/1.1");
        assertThat(echoed.field("host")).isEqualTo("echo.test");
        assertThat(echoed.field("x-a")).isEqualTo("1");
        assertThat(echoed.field("cookie")).isEqualTo("a=b; c=d");
        assertThat(echoed.field("x-forwarded-proto"))
            .isEqualTo(client == secured ? "https" : "http");
        assertThat(reply.asReply().echoedBody()).isEqualTo("hello");
      }
    }
  }

  @Test
  void grpcGetsItsTrailersAndOthersDont() throws IOException {
    try (var client = plain()) {
      var head =
          client
              .head("POST", "grpc.test", "/service/Method")
              .field("content-type", "application/grpc")
              .field("te", "trailers");
      int call = client.request(head, false);
      client.body(call, new byte[5], true);
      var reply = client.reply(call);
      assertThat(reply.outcome()).isEqualTo("200");
      assertThat(reply.body()).isEqualTo(new byte[5]);
      assertThat(reply.trailers())
          .containsExactly(
              new Head.Field("grpc-status", "0"), new Head.Field("grpc-message", "fine"));

      var other = client.post("grpc.test", "/", "12345");
      assertThat(other.body()).isEqualTo(new byte[5]);
      assertThat(other.trailers()).isEmpty();
    }
  }

  @Test
  void aSlowReplyHoldsUpNobodyElse() throws IOException {
    try (var client = plain()) {
      int slow = client.begin("held.test", "/");
      for (int i = 0; i < 50; i++) {
        assertThat(client.get("echo.test", "/" + i).echoed().target()).isEqualTo("/" + i);
      }
      mayAnswer.countDown();
      assertThat(client.reply(slow).text()).isEqualTo("late");
    }
  }

  @Test
  void aClientThatGrantsNothingHoldsUpItsOwnStreamOnly() throws IOException {
    try (var client = plain().withholdingWindows()) {
      client.ping(1);
      // The whole connection's window is far larger than what a stream may take of it.
      client.send(Frame.windowUpdate(0, 64 * MEGABYTE));
      int stalled = client.begin("source.test", "/20");
      client.received(stalled, 65_535);
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("echo.test", "/" + i).status()).isEqualTo(200);
      }
      assertThat(client.soFar(stalled).body()).hasSize(65_535);
      client.send(Frame.windowUpdate(stalled, 21 * MEGABYTE));
      assertThat(client.reply(stalled).body()).hasSize(20 * MEGABYTE);
    }
  }

  @Test
  void interimRepliesArePassedOn() throws IOException {
    try (var client = plain()) {
      var reply = client.get("hints.test", "/");
      assertThat(reply.interim()).hasSize(1);
      assertThat(reply.interim().getFirst().status()).isEqualTo(103);
      assertThat(reply.interim().getFirst().field("link")).isEqualTo("</s.css>");
      assertThat(reply.text()).isEqualTo("ok");
    }
  }

  @Test
  void whoAsksMayContinueAndSendsThen() throws IOException {
    try (var client = plain()) {
      var head = client.head("POST", "echo.test", "/").field("expect", "100-continue");
      int stream = client.request(head, false);
      client.await("100", frame -> frame.is(Frame.HEADERS) && frame.stream() == stream);
      client.body(stream, new byte[] {'x'}, true);
      var reply = client.reply(stream);
      assertThat(reply.interim()).extracting(Head::status).containsExactly(100);
      assertThat(reply.asReply().echoedBody()).isEqualTo("x");
    }
  }

  @Test
  void fieldsOfConnectionsStayBehind() throws IOException {
    try (var client = plain()) {
      var reply = client.get("hops.test", "/");
      assertThat(reply.asReply().head().fields())
          .extracting(Head.Field::name)
          .doesNotContain("connection", "keep-alive", "proxy-connection", "x-hop");
      assertThat(reply.asReply().all("set-cookie")).containsExactly("a=1", "b=2");
    }
  }

  @Test
  void headAndErrorsHaveTheRightEnds() throws IOException {
    try (var client = plain()) {
      var head = client.reply(client.request(client.head("HEAD", "echo.test", "/"), true));
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      var nowhere = client.get("nobody.test", "/");
      assertThat(nowhere.status()).isEqualTo(404);
      assertThat(nowhere.text()).contains("404");
      var cut = client.get("cut.test", "/");
      assertThat(cut.status()).isEqualTo(200);
      assertThat(cut.reset()).isEqualTo(ErrorCode.INTERNAL_ERROR);
      assertThat(client.get("echo.test", "/after").status()).isEqualTo(200);
    }
  }

  @Test
  void aResetRequestIsBrokenOffAtItsEndpoint() throws Exception {
    try (var client = plain()) {
      int stream = client.request(client.head("POST", "waits.test", "/"), false);
      client.body(stream, new byte[100], false);
      WeirProcess.eventually(
          "a request at the endpoint", () -> site.backend("waits").requests(), count -> count > 0);
      client.send(Frame.reset(stream, ErrorCode.CANCEL));
      assertThat(broken.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(client.get("echo.test", "/after").status()).isEqualTo(200);
    }
  }

  @Test
  void twentyStreamsAreAllowedAtFirstAndMoreAfterAReply() throws IOException {
    try (var client = plain()) {
      client.ping(1);
      assertThat(client.settings())
          .containsEntry(Frame.MAX_CONCURRENT_STREAMS, 20)
          .containsEntry(Frame.ENABLE_CONNECT_PROTOCOL, 1);
      assertThat(client.get("echo.test", "/").status()).isEqualTo(200);
      client.ping(2);
      assertThat(client.settings()).containsEntry(Frame.MAX_CONCURRENT_STREAMS, 128);
      var streams = new ArrayList<Integer>();
      for (int i = 0; i < 128; i++) {
        streams.add(client.begin("echo.test", "/" + i));
      }
      for (int stream : streams) {
        assertThat(client.reply(stream).outcome()).isEqualTo("200");
      }
    }
  }

  @Test
  void manyRequestsOnOneConnectionKeepTheirOrderOfBytes() throws IOException {
    try (var client = plain()) {
      assertThat(client.get("source.test", "/0").status()).isEqualTo(200);
      var streams = new ArrayList<Integer>();
      for (int i = 0; i < 30; i++) {
        streams.add(client.begin("source.test", "/1"));
      }
      for (int stream : streams) {
        assertThat(client.reply(stream).body()).hasSize(MEGABYTE);
      }
    }
  }
}
