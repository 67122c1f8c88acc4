package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.filter.BodyFilter;
import dev.weir.dataplane.filter.BodyTransform;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.ReplyRate;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a body that a filter changes, over sockets. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class BodyTransformTest {
  private static final String REQUEST =
      "GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n";
  private static final int MEGABYTE = 1 << 20;

  /** Changes nothing and notes what it is given. */
  private static class Noting implements BodyFilter, BodyTransform {
    final List<String> notes = new CopyOnWriteArrayList<>();
    final AtomicLong bytes = new AtomicLong();
    final AtomicInteger closed = new AtomicInteger();
    private final int turn;

    Noting(int turn) {
      this.turn = turn;
    }

    @Override
    public FilterPhase phase() {
      return FilterPhase.BACKEND;
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return FilterOutcome.Continue.CONTINUE;
    }

    @Override
    public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
      edits.set("x-seen", "1");
    }

    @Override
    public BodyTransform transform(FilterRequest request, ReplyHead reply, HeadEdits edits) {
      return this;
    }

    @Override
    public int turn() {
      return turn;
    }

    @Override
    public ByteBuf piece(ByteBuf data, After after) {
      bytes.addAndGet(data.readableBytes());
      notes.add(data.readableBytes() + " " + after);
      return data;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }

    void awaitClosed() {
      await().until(() -> closed.get() == 1);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A backend that sends this and closes. */
  private static ScriptedBackend saying(String reply) throws IOException {
    return new ScriptedBackend((request, out) -> out.write(ascii(reply)));
  }

  private static String counted(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
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

  /** The body of a chunked reply; fails if it isn't complete. */
  private static String body(String reply) throws IOException {
    int begin = reply.indexOf("\r\n\r\n") + 4;
    var in = new ByteArrayInputStream(ascii(reply.substring(begin)));
    var body = new ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      body.writeBytes(in.readNBytes(size));
      assertThat(in.readNBytes(2)).isEqualTo(ascii("\r\n"));
    }
    assertThat(in.readAllBytes()).isEqualTo(ascii("\r\n"));
    return body.toString(StandardCharsets.US_ASCII);
  }

  private static int size(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      assertThat(b).as("a whole line").isGreaterThanOrEqualTo(0);
      line.append((char) b);
    }
    return Integer.parseInt(line.toString().strip(), 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000, 5_000_000})
  void aBodyComesInTurnsAndItsEndIsSaidOnce(int turn) throws Exception {
    var noting = new Noting(turn);
    var text = "0123456789".repeat(turn == 1 ? 100 : 20_000);
    try (var backend = saying(counted(text));
        var proxy = new FilteredProxy(backend.port(), noting)) {
      assertThat(body(answer(send(proxy, REQUEST)))).isEqualTo(text);
      noting.awaitClosed();
      assertThat(noting.bytes).hasValue(text.length());
      assertThat(noting.notes.getLast()).endsWith(" END");
      assertThat(noting.notes.stream().filter(note -> note.endsWith(" END"))).hasSize(1);
      assertThat(noting.notes)
          .allSatisfy(
              note ->
                  assertThat(Integer.parseInt(note.split(" ", -1)[0])).isLessThanOrEqualTo(turn));
    }
  }

  @Test
  void otherConnectionsOfTheLoopHaveTheirTurnsInBetween() throws Exception {
    var noting =
        new Noting(1000) {
          @Override
          public ByteBuf piece(ByteBuf data, After after) {
            if (notes.isEmpty()) {
              var loop = Objects.requireNonNull(ThreadExecutorMap.currentExecutor());
              loop.execute(() -> notes.add("another"));
            }
            return super.piece(data, after);
          }
        };
    try (var backend = saying(counted("x".repeat(3000)));
        var proxy = new FilteredProxy(backend.port(), noting)) {
      assertThat(body(answer(send(proxy, REQUEST)))).hasSize(3000);
      assertThat(noting.notes).element(1).isEqualTo("another");
    }
  }

  @Test
  void whatOneReadBringsComesTogetherAndThenAPauseIsSaid() throws Exception {
    var goOn = new CountDownLatch(1);
    var noting = new Noting(1 << 20);
    var chunk = "800\r\n" + "c".repeat(2048) + "\r\n";
    try (var backend =
            new ScriptedBackend(
                (request, out) -> {
                  var head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                  out.write(ascii(head + chunk.repeat(4)));
                  goOn.await();
                  out.write(ascii("0\r\nX-Trailer: dropped\r\n\r\n"));
                });
        var proxy = new FilteredProxy(backend.port(), noting);
        var client = send(proxy, REQUEST)) {
      await().until(() -> noting.bytes.get() == 4 * 2048);
      assertThat(noting.notes.getLast()).endsWith(" PAUSE");
      goOn.countDown();
      var reply = answer(client);
      assertThat(body(reply)).isEqualTo("c".repeat(4 * 2048));
      assertThat(reply).doesNotContain("railer:");
      assertThat(noting.notes.getLast()).isEqualTo("0 END");
    }
  }

  @Test
  void nothingIsChangedWhileTheClientTakesNothing() throws Exception {
    var noting = new Noting(16 * 1024);
    long size = 100L * MEGABYTE;
    var piece = new byte[64 * 1024];
    try (var backend =
            new ScriptedBackend(
                (request, out) -> {
                  out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n"));
                  for (long sent = 0; sent < size; sent += piece.length) {
                    out.write(piece);
                  }
                });
        var proxy = new FilteredProxy(backend.port(), noting);
        var client = send(proxy, REQUEST)) {
      var in = client.getInputStream();
      in.readNBytes(1000);
      var last = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(300))
          .until(() -> last.getAndSet(noting.bytes.get()) == noting.bytes.get());
      // What fits into the sockets' buffers.
      assertThat(noting.bytes.get()).isLessThan(size / 4);
      assertThat(in.readAllBytes().length).isGreaterThan((int) size);
      assertThat(noting.bytes).hasValue(size);
      noting.awaitClosed();
    }
  }

  @Test
  void aRateHoldsForWhatComesOutOfIt() throws Exception {
    var noting =
        new Noting(100) {
          @Override
          public FilterOutcome onRequest(FilterRequest request) {
            request.limitReplyRate(new ReplyRate(200_000, 0));
            return super.onRequest(request);
          }
        };
    var text = "abcdefghij".repeat(22_000);
    try (var backend = saying(counted(text));
        var proxy = new FilteredProxy(backend.port(), noting)) {
      assertThat(body(answer(send(proxy, REQUEST)))).isEqualTo(text);
      noting.awaitClosed();
    }
  }

  @Test
  void aTransformThatFailsBreaksTheReplyOff() throws Exception {
    var noting =
        new Noting(1000) {
          @Override
          public ByteBuf piece(ByteBuf data, After after) {
            if (notes.size() == 2) {
              data.release();
              throw new IllegalStateException("can't be changed");
            }
            return super.piece(data, after);
          }
        };
    try (var backend = saying(counted("x".repeat(50_000)));
        var proxy = new FilteredProxy(backend.port(), noting)) {
      var reply = answer(send(proxy, REQUEST));
      assertThat(reply).contains("3e8\r\nxxx").doesNotContain("\r\n0\r\n");
      noting.awaitClosed();
      assertThat(noting.bytes).hasValue(2000);
    }
  }

  @Test
  void aClientThatGoesEndsItInTheMiddle() throws Exception {
    var noting = new Noting(100);
    try (var backend =
            new ScriptedBackend(
                (request, out) -> {
                  out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
                  while (true) {
                    out.write(new byte[MEGABYTE]);
                  }
                });
        var proxy = new FilteredProxy(backend.port(), noting)) {
      var client = send(proxy, REQUEST);
      client.getInputStream().readNBytes(500_000);
      client.setSoLinger(true, 0);
      client.close();
      noting.awaitClosed();
      assertThat(noting.notes).noneMatch(note -> note.endsWith("END"));
    }
  }

  @Test
  void aBackendThatBreaksOffBreaksOffForTheClientToo() throws Exception {
    var noting = new Noting(1000);
    try (var backend = saying("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nsome");
        var proxy = new FilteredProxy(backend.port(), noting)) {
      assertThat(answer(send(proxy, REQUEST))).doesNotContain("\r\n0\r\n");
      noting.awaitClosed();
      assertThat(noting.notes).noneMatch(note -> note.endsWith("END"));
    }
  }

  @Test
  void aReplyToHeadHasTheFieldsAndNoPiece() throws Exception {
    var noting = new Noting(1000);
    try (var backend = saying("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n");
        var proxy = new FilteredProxy(backend.port(), noting)) {
      var reply = answer(send(proxy, REQUEST.replace("GET", "HEAD")));
      assertThat(reply)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("x-seen: 1\r\n")
          .doesNotContainIgnoringCase("content-length")
          .doesNotContainIgnoringCase("transfer-encoding")
          .endsWith("\r\n\r\n");
      noting.awaitClosed();
      assertThat(noting.notes).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified", "200 OK\r\nContent-Length: 0"})
  void aReplyWithoutBodyIsLeftAlone(String status) throws Exception {
    var noting = new Noting(1000);
    try (var backend = saying("HTTP/1.1 " + status + "\r\n\r\n");
        var proxy = new FilteredProxy(backend.port(), noting)) {
      assertThat(answer(send(proxy, REQUEST))).startsWith("HTTP/1.1 " + status.substring(0, 3));
      assertThat(noting.closed).hasValue(0);
    }
  }

  @Test
  void eachRequestOfAConnectionHasItsOwn() throws Exception {
    var noting = new Noting(1000);
    var first = REQUEST.replace("Connection: close\r\n", "");
    try (var backend = saying(counted("x".repeat(5000)));
        var proxy = new FilteredProxy(backend.port(), noting)) {
      var replies = answer(send(proxy, first + first + REQUEST));
      assertThat(replies.split("HTTP/1.1 200", -1)).hasSize(4);
      assertThat(replies.split("\r\n0\r\n\r\n", -1)).hasSize(4);
      await().until(() -> noting.closed.get() == 3);
      assertThat(noting.bytes).hasValue(15_000);
    }
  }
}
