package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Bodies of any size, in a program with 64 MB of heap and 64 MB of direct memory that ends when it
 * runs out of them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BodyTest {
  private static final int MEGABYTE = 1 << 20;
  private static final byte[] BLOCK = new byte[MEGABYTE];

  private final CountDownLatch mayRead = new CountDownLatch(1);
  private final Backend echo = Backend.echo("echo");
  private final Site limited = Site.of(echo);
  private final Site unlimited =
      Site.of(
          List.of("-Xms64m", "-Xmx64m", "-XX:MaxDirectMemorySize=64m"),
          "proxy-body-size: \"0\"",
          "",
          Backend.scripted("source", BodyTest::send),
          Backend.scripted("sink", BodyTest::count),
          Backend.scripted(
              "lazysink",
              call -> {
                mayRead.await(60, TimeUnit.SECONDS);
                count(call);
              }));

  @AfterAll
  void close() {
    unlimited.close();
    limited.close();
  }

  /** {@code /N} answers N megabytes. */
  private static void send(Script.Call call) throws IOException {
    int megabytes = Integer.parseInt(call.head().target().substring(1));
    call.write("HTTP/1.1 200 OK\r\nContent-Length: " + (long) megabytes * MEGABYTE + "\r\n\r\n");
    for (int i = 0; i < megabytes; i++) {
      call.write(BLOCK);
    }
  }

  private static void count(Script.Call call) throws IOException {
    var text = Long.toString(length(call.body()));
    call.write("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
  }

  private static long length(InputStream body) throws IOException {
    return body.transferTo(OutputStream.nullOutputStream());
  }

  private static String post(String host, String framing) {
    return "POST / HTTP/1.1\r\nHost: " + host + "\r\n" + framing + "\r\n\r\n";
  }

  @Test
  void aDownloadOfManyTimesTheMemoryPasses() throws IOException {
    try (var wire = unlimited.wire()) {
      var head = wire.send("GET /500 HTTP/1.1\r\nHost: source.test\r\n\r\n").head();
      assertThat(length(wire.body(head))).isEqualTo(500L * MEGABYTE);
    }
  }

  @Test
  void anUploadOfManyTimesTheMemoryPasses() throws IOException {
    try (var wire = unlimited.wire()) {
      wire.send(post("sink.test", "Content-Length: " + 500L * MEGABYTE));
      for (int i = 0; i < 500; i++) {
        wire.send(BLOCK);
      }
      assertThat(wire.reply().text()).isEqualTo(Long.toString(500L * MEGABYTE));
    }
  }

  @Test
  void aChunkedUploadOfManyTimesTheMemoryPasses() throws IOException {
    try (var wire = unlimited.wire()) {
      wire.send(post("sink.test", "Transfer-Encoding: chunked"));
      for (int i = 0; i < 200; i++) {
        wire.send("100000\r\n").send(BLOCK).send("\r\n");
      }
      assertThat(wire.send("0\r\n\r\n").reply().text()).isEqualTo(Long.toString(200L * MEGABYTE));
    }
  }

  @Test
  void clientsThatDoNotReadHoldBackTheirOwnRepliesOnly() throws IOException {
    var slow = new ArrayList<Wire>();
    try {
      for (int i = 0; i < 20; i++) {
        var wire = Wire.narrow(unlimited.weir().http(), 16_384);
        slow.add(wire.send("GET /20 HTTP/1.1\r\nHost: source.test\r\n\r\n"));
      }
      for (var wire : slow) {
        assertThat(wire.head().status()).isEqualTo(200);
      }
      assertThat(unlimited.weir().get("source.test", "/1").body()).hasSize(MEGABYTE);
      for (var wire : slow) {
        assertThat(wire.bytes(20 * MEGABYTE)).hasSize(20 * MEGABYTE);
      }
    } finally {
      for (var wire : slow) {
        wire.close();
      }
    }
  }

  @Test
  void anEndpointThatDoesNotReadHoldsBackItsOwnRequestsOnly() throws Exception {
    var senders = new ArrayList<Thread>();
    var replies = new ConcurrentLinkedQueue<String>();
    for (int i = 0; i < 10; i++) {
      senders.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var wire = unlimited.wire()) {
                      wire.send(post("lazysink.test", "Content-Length: " + 20 * MEGABYTE));
                      for (int block = 0; block < 20; block++) {
                        wire.send(BLOCK);
                      }
                      replies.add(wire.reply().text());
                    } catch (IOException e) {
                      replies.add(e.toString());
                    }
                  }));
    }
    try (var wire = unlimited.wire()) {
      wire.send(post("sink.test", "Content-Length: " + 50 * MEGABYTE));
      for (int i = 0; i < 50; i++) {
        wire.send(BLOCK);
      }
      assertThat(wire.reply().text()).isEqualTo(Integer.toString(50 * MEGABYTE));
    }
    mayRead.countDown();
    for (var sender : senders) {
      sender.join();
    }
    assertThat(replies).hasSize(10).containsOnly(Integer.toString(20 * MEGABYTE));
  }

  @Test
  void aBodyOfOneMegabyteIsAcceptedAndOneByteMoreIs413() throws IOException {
    try (var wire = limited.wire()) {
      wire.send(post("echo.test", "Content-Length: " + MEGABYTE)).send(BLOCK);
      assertThat(wire.reply().status()).isEqualTo(200);
    }
    int before = echo.requests();
    try (var wire = limited.wire()) {
      wire.send(post("echo.test", "Content-Length: " + (MEGABYTE + 1)));
      var reply = wire.reply();

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.text()).contains("413 Request Entity Too Large");
      assertThat(reply.field("connection")).isEqualTo("close");
    }
    assertThat(echo.requests()).as("requests that reached the endpoint").isEqualTo(before);
  }

  @Test
  void aChunkedBodyBeyondTheLimitIs413() throws IOException {
    try (var wire = limited.wire()) {
      wire.send(post("echo.test", "Transfer-Encoding: chunked"));
      wire.send("100000\r\n").send(BLOCK).send("\r\n1\r\nx\r\n0\r\n\r\n");
      var reply = wire.reply();

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.field("connection")).isEqualTo("close");
    }
  }

  @Test
  void theLimitOfAnIngressIsItsOwn() {
    limited
        .folder()
        .write(
            "small.yaml",
            Ingress.named("small")
                    .setting("proxy-body-size", "10")
                    .host("small.test")
                    .prefix("/", "echo")
                    .yaml()
                + Objects.ingress("usual", "usual.test", "echo"));
    limited.weir().awaitBackend("small.test", "/", "echo");

    assertThat(statusOfPost("small.test", 11)).isEqualTo(413);
    assertThat(statusOfPost("small.test", 10)).isEqualTo(200);
    assertThat(statusOfPost("usual.test", 11)).isEqualTo(200);
  }

  private int statusOfPost(String host, int length) {
    try (var wire = limited.wire()) {
      return wire.send(post(host, "Content-Length: " + length) + "x".repeat(length))
          .reply()
          .status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
