package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.filter.AccessFilter;
import dev.weir.dataplane.filter.BodyFilter;
import dev.weir.dataplane.filter.BodyTransform;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterOutcome.Continue;
import dev.weir.dataplane.filter.FilterOutcome.Reply;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What filters may do to a request and its reply, over sockets. */
class FilterContractTest {
  private static final String REQUEST =
      "GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n";
  private static final FilterOutcome FORBIDDEN = new Reply(LocalReply.page(403));

  /** A filter that is a function. */
  private interface Filter extends RouteFilter {
    @Override
    default FilterPhase phase() {
      return FilterPhase.EXTERNAL_AUTH;
    }
  }

  /** Answers each request on a connection of its own with 200 and {@code hello}. */
  private static final class Backend implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger requests = new AtomicInteger();

    Backend() throws IOException {
      Thread.ofVirtual().start(this::run);
    }

    private void run() {
      while (!server.isClosed()) {
        try (var socket = server.accept()) {
          if (socket.getInputStream().read(new byte[65_536]) > 0) {
            requests.incrementAndGet();
            socket
                .getOutputStream()
                .write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello"));
          }
        } catch (IOException e) {
          return;
        }
      }
    }

    int port() {
      return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Socket send(FilteredProxy proxy, String request) throws IOException {
    var socket = proxy.connect();
    socket.getOutputStream().write(ascii(request));
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    try (socket) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** A filter that waits for a decision, which the test makes. */
  private static final class Waiting implements Filter {
    final AtomicReference<Consumer<FilterOutcome>> decide = new AtomicReference<>();
    final CountDownLatch begun = new CountDownLatch(1);
    final AtomicBoolean cancelled = new AtomicBoolean();
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return new FilterOutcome.Await(
          decided -> {
            decide.set(decided);
            asked.incrementAndGet();
            begun.countDown();
            return () -> cancelled.set(true);
          });
    }

    void decide(FilterOutcome outcome) {
      decide.get().accept(outcome);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 200", "false, 403"})
  void anOutcomeMayComeFromInsideOfTheCheck(boolean pass, int status) throws Exception {
    Filter filter =
        request ->
            new FilterOutcome.Await(
                decided -> {
                  decided.accept(pass ? Continue.CONTINUE : FORBIDDEN);
                  return () -> {};
                });
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), filter)) {
      assertThat(answer(send(proxy, REQUEST))).startsWith("HTTP/1.1 " + status);
      assertThat(backend.requests).hasValue(pass ? 1 : 0);
    }
  }

  @Test
  void anOutcomeMayComeFromAnotherThreadAndNothingReachesTheBackendBefore() throws Exception {
    var filter = new Waiting();
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), filter)) {
      var client = send(proxy, REQUEST);
      filter.begun.await();
      assertThat(backend.requests).hasValue(0);
      filter.decide(Continue.CONTINUE);
      assertThat(answer(client)).startsWith("HTTP/1.1 200");
      assertThat(filter.cancelled).isFalse();
    }
  }

  @Test
  void theFirstOutcomeCountsAndASecondDecidesNothingForTheNextFilter() throws Exception {
    var first = new Waiting();
    var second = new Waiting();
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), first, second)) {
      var client = send(proxy, REQUEST);
      first.begun.await();
      first.decide(Continue.CONTINUE);
      second.begun.await();
      first.decide(Continue.CONTINUE);
      first.decide(FORBIDDEN);
      second.decide(new Reply(LocalReply.page(418)));
      assertThat(answer(client)).startsWith("HTTP/1.1 418");
      assertThat(backend.requests).hasValue(0);
    }
  }

  @Test
  void aCheckIsCancelledWhenTheClientGoesAndItsOutcomeDoesNothing() throws Exception {
    var filter = new Waiting();
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), filter)) {
      var client = send(proxy, REQUEST);
      filter.begun.await();
      client.close();
      await().untilTrue(filter.cancelled);
      filter.decide(Continue.CONTINUE);
      // The one loop has done whatever that led to before it takes the next client's request.
      var again = send(proxy, REQUEST);
      await().until(() -> filter.asked.get() == 2);
      again.close();
      assertThat(backend.requests).hasValue(0);
    }
  }

  @Test
  void theBodyIsNotAskedForBeforeAllFiltersPassed() throws Exception {
    var filter = new Waiting();
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), filter);
        var client =
            send(
                proxy,
                """
                POST / HTTP/1.1
                Host: shop.example.com
                Content-Length: 2
                Expect: 100-continue
                Connection: close

                """
                    .replace("\n", "\r\n"))) {
      filter.begun.await();
      assertThat(client.getInputStream().available()).isZero();
      filter.decide(Continue.CONTINUE);
      var expected = "HTTP/1.1 100 Continue\r\n\r\n";
      var seen = client.getInputStream().readNBytes(expected.length());
      assertThat(new String(seen, StandardCharsets.US_ASCII)).isEqualTo(expected);
    }
  }

  @Test
  void aFilterThatFailsIs500() throws Exception {
    Filter filter =
        request ->
            new FilterOutcome.Await(
                decided -> {
                  throw new IllegalStateException("a filter's bug");
                });
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), filter)) {
      assertThat(answer(send(proxy, REQUEST))).startsWith("HTTP/1.1 500");
      assertThat(backend.requests).hasValue(0);
    }
  }

  /** Makes capital letters, and holds the last byte back until the end. */
  private record Shouting(AtomicInteger closed) implements BodyFilter {
    @Override
    public FilterPhase phase() {
      return FilterPhase.BACKEND;
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return Continue.CONTINUE;
    }

    @Override
    public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
      edits.set("x-seen", reply.status() + "");
    }

    @Override
    public BodyTransform transform(FilterRequest request, ReplyHead reply, HeadEdits edits) {
      edits.remove("etag");
      return new BodyTransform() {
        @Override
        public ByteBuf piece(ByteBuf data, After after) {
          var text = data.toString(StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
          data.release();
          return Unpooled.copiedBuffer(
              after == After.END ? text + "!" : text, StandardCharsets.US_ASCII);
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };
    }
  }

  @Test
  void aTransformChangesTheBodyAndItsLengthIsNotPromised() throws Exception {
    var closed = new AtomicInteger();
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), new Shouting(closed))) {
      var reply = answer(send(proxy, REQUEST));
      assertThat(reply)
          .startsWith("HTTP/1.1 200")
          .contains("transfer-encoding: chunked", "x-seen: 200", "HELLO")
          .doesNotContainIgnoringCase("content-length")
          .doesNotContainIgnoringCase("etag")
          .endsWith("\r\n0\r\n\r\n");
      await().untilAsserted(() -> assertThat(closed).hasValue(1));
    }
  }

  /** A check that answers 401, 403, 500, or {@code ok}; {@code later} for from another thread. */
  private record Check(String word, int place) implements AccessFilter {
    @Override
    public FilterPhase phase() {
      return List.of(FilterPhase.ADDRESS_ACCESS, FilterPhase.BASIC_AUTH, FilterPhase.EXTERNAL_AUTH)
          .get(place);
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      var answer = word.replace("later-", "");
      var outcome =
          answer.equals("ok")
              ? Continue.CONTINUE
              : new Reply(LocalReply.page(Integer.parseInt(answer)));
      if (!word.startsWith("later-")) {
        return outcome;
      }
      return new FilterOutcome.Await(
          decided -> {
            Thread.ofVirtual().start(() -> decided.accept(outcome));
            return () -> {};
          });
    }

    @Override
    public LocalReply onUnauthorized(FilterRequest request, LocalReply reply) {
      return reply.with("x-asked", "1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "all, ok ok ok, 200",
    "all, ok 401 ok, 401",
    "all, 403 ok ok, 403",
    "all, later-ok later-ok later-ok, 200",
    "all, later-ok later-401 ok, 401",
    "all, ok ok later-500, 500",
    "any, 403 401 ok, 200",
    "any, 403 401 later-ok, 200",
    "any, later-403 later-401 later-ok, 200",
    "any, ok 500 500, 200",
    "any, 403 401 403, 401",
    "any, 403 later-403 later-401, 401",
    "any, 403 later-403 403, 403",
    "any, 403 500 ok, 500",
    "any, 403 later-500 ok, 500",
  })
  void theAccessChecksOfARouteAreOneGroup(String satisfy, String words, int status)
      throws Exception {
    var all = words.split(" ");
    var checks =
        Arrays.stream(all)
            .<RouteFilter>map(word -> new Check(word, Arrays.asList(all).indexOf(word)))
            .toList();
    var group = AccessGroup.gather(checks, satisfy.equals("any"));
    assertThat(group).hasSize(1);
    try (var backend = new Backend();
        var proxy = new FilteredProxy(backend.port(), group.toArray(new RouteFilter[0]))) {
      var reply = answer(send(proxy, REQUEST));
      assertThat(reply).startsWith("HTTP/1.1 " + status);
      assertThat(reply.contains("x-asked: 1")).isEqualTo(status == 401);
      assertThat(backend.requests).hasValue(status == 200 ? 1 : 0);
    }
  }
}
