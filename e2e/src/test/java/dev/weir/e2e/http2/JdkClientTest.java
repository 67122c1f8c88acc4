package dev.weir.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.AnyCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The JDK's client, which speaks HTTP/2 over TLS. */
@TestInstance(Lifecycle.PER_CLASS)
class JdkClientTest {
  private static final int MEGABYTE = 1 << 20;
  private static final int TOGETHER = 100;

  /** Few enough that a slow machine doesn't shed. */
  private static final int AT_ONCE = 32;

  private static final byte[] BLOCK = new byte[MEGABYTE];

  private final CountDownLatch all = new CountDownLatch(TOGETHER);
  private final ConcurrentHashMap<String, Boolean> waiting = new ConcurrentHashMap<>();
  private final Site site =
      Site.of(
          "proxy-body-size: \"0\"",
          Ingress.named("local")
              .host("localhost")
              .prefix("/", "echo")
              .prefix("/source", "source")
              .prefix("/sink", "sink")
              .prefix("/together", "together")
              .yaml(),
          Backend.echo("echo"),
          Backend.scripted("source", JdkClientTest::send),
          Backend.scripted("sink", JdkClientTest::count),
          Backend.scripted("together", this::answerTogether));
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(Version.HTTP_2)
          .sslContext(AnyCertificate.context())
          .connectTimeout(Duration.ofSeconds(60))
          .build();

  @AfterAll
  void close() {
    client.close();
    site.close();
  }

  private static void send(Script.Call call) throws IOException {
    int megabytes = Integer.parseInt(call.head().target().replaceFirst("/source/", ""));
    call.write("HTTP/1.1 200 OK\r\nContent-Length: " + (long) megabytes * MEGABYTE + "\r\n\r\n");
    for (int i = 0; i < megabytes; i++) {
      call.write(BLOCK);
    }
  }

  private static void count(Script.Call call) throws IOException {
    var text = Long.toString(call.body().transferTo(OutputStream.nullOutputStream()));
    call.write("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
  }

  /** Answers nobody before all are there. */
  private void answerTogether(Script.Call call) throws IOException, InterruptedException {
    waiting.put(call.head().target(), true);
    all.countDown();
    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }

  private HttpRequest.Builder request(String path) {
    var address = "https://localhost:" + site.weir().https().getPort() + path;
    return HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(60));
  }

  private <T> HttpResponse<T> answered(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) throws Exception {
    var reply = client.send(request.build(), body);
    assertThat(reply.version()).isEqualTo(Version.HTTP_2);
    assertThat(reply.statusCode()).isEqualTo(200);
    return reply;
  }

  @Test
  void getsAndPostsAreAnswered() throws Exception {
    var get = answered(request("/get").header("X-A", "1"), BodyHandlers.ofString());
    assertThat(get.body()).startsWith("GET /get HTTP/1.1\r\n").containsIgnoringCase("x-a: 1\r\n");
    var post = request("/post").POST(BodyPublishers.ofString("hello"));
    assertThat(answered(post, BodyHandlers.ofString()).body())
        .startsWith("POST /post HTTP/1.1\r\n")
        .endsWith("\r\n\r\nhello");
    var head = client.send(request("/head").HEAD().build(), BodyHandlers.ofString());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    var down = answered(request("/source/64"), BodyHandlers.ofInputStream());
    try (var body = down.body()) {
      assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(64L * MEGABYTE);
    }
    var known = BodyPublishers.ofByteArrays(List.of(BLOCK, BLOCK, BLOCK, BLOCK));
    var up = answered(request("/sink").POST(known), BodyHandlers.ofString());
    assertThat(up.body()).isEqualTo(Long.toString(4L * MEGABYTE));
    var unknown = BodyPublishers.ofInputStream(() -> endless(32L * MEGABYTE));
    assertThat(answered(request("/sink").POST(unknown), BodyHandlers.ofString()).body())
        .isEqualTo(Long.toString(32L * MEGABYTE));
  }

  private static InputStream endless(long length) {
    return new InputStream() {
      private long left = length;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] target, int offset, int count) {
        int size = (int) Math.min(count, left);
        left -= size;
        return size == 0 ? -1 : size;
      }
    };
  }

  @Test
  void aHundredRequestsAreInFlightAtOnceOnOneConnection() throws Exception {
    // The first reply shows the client that more than the first few are allowed.
    answered(request("/first"), BodyHandlers.discarding());
    var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < TOGETHER; i++) {
      replies.add(client.sendAsync(request("/together/" + i).build(), BodyHandlers.ofString()));
    }
    for (var reply : replies) {
      assertThat(reply.get(60, TimeUnit.SECONDS).body()).isEqualTo("ok");
    }
    assertThat(waiting).hasSize(TOGETHER);
  }

  @Test
  void thousandsOfRequestsFailNever() throws Exception {
    for (int round = 0; round < 60; round++) {
      var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < AT_ONCE; i++) {
        var path = "/many/" + round + "/" + i;
        replies.add(
            client.sendAsync(
                request(path).POST(BodyPublishers.ofString("body of " + path)).build(),
                BodyHandlers.ofString()));
      }
      for (int i = 0; i < AT_ONCE; i++) {
        assertThat(replies.get(i).get(60, TimeUnit.SECONDS).body())
            .endsWith("\r\n\r\nbody of /many/" + round + "/" + i);
      }
    }
  }
}
