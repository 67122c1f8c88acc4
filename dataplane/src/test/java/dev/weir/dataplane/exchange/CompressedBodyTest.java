package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.filters.BrotliStream;
import dev.weir.dataplane.filters.CompressionProbe;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What compressing replies hold on to, over sockets. */
@Isolated("It counts the JVM's direct memory")
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class CompressedBodyTest {
  private static final int MEGABYTE = 1 << 20;

  private final CompressionProbe probe = new CompressionProbe();
  private final long all = probe.left();

  private static ScriptedBackend endless() throws IOException {
    var bytes = new byte[64 * 1024];
    new Random(1).nextBytes(bytes);
    return new ScriptedBackend(
        (request, out) -> {
          out.write(ascii("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"));
          while (true) {
            out.write(bytes);
          }
        });
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Socket ask(FilteredProxy proxy, String coding) throws IOException {
    var socket = proxy.connect();
    socket
        .getOutputStream()
        .write(
            ascii(
                "GET / HTTP/1.1\r\nHost: shop.example.com\r\nAccept-Encoding: "
                    + coding
                    + "\r\n\r\n"));
    return socket;
  }

  /** Reads the head. */
  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      assertThat(b).isGreaterThanOrEqualTo(0);
      head.append((char) b);
    }
    return head.toString();
  }

  /** Chunks one after another, as they come. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean ended;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (ended) {
        return -1;
      }
      if (left == 0) {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
          assertThat(b).isGreaterThanOrEqualTo(0);
          line.append((char) b);
        }
        if (line.toString().isBlank()) {
          return read();
        }
        left = Integer.parseInt(line.toString().strip(), 16);
        ended = left == 0;
        return read();
      }
      left--;
      return in.read();
    }

    /** At least one byte, no more than are there: who decodes must not wait for a full buffer. */
    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int b = read();
      if (b < 0) {
        return -1;
      }
      to[offset] = (byte) b;
      return 1;
    }
  }

  @ParameterizedTest
  @CsvSource({"gzip, 1", "gzip, 9", "br, 1", "br, 11"})
  void aClientThatReadsNothingHoldsLittleMemoryAndGivesItBackWhenItGoes(String coding, int level)
      throws Exception {
    long before = PlatformDependent.usedDirectMemory();
    var clients = new ArrayList<Socket>();
    try (var backend = endless();
        var proxy = new FilteredProxy(backend.port(), probe.filter(Math.min(level, 9), level))) {
      for (int i = 0; i < 5; i++) {
        var client = ask(proxy, coding);
        clients.add(client);
        assertThat(head(client.getInputStream())).contains("content-encoding: " + coding);
      }
      var last = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(300))
          .until(
              () -> {
                long now = PlatformDependent.usedDirectMemory();
                return last.getAndSet(now) == now;
              });
      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(16L * MEGABYTE);
      assertThat(all - probe.left()).isBetween(5 * 256L * 1024, 5 * 2L * MEGABYTE);
      for (var client : clients) {
        client.setSoLinger(true, 0);
        client.close();
      }
      await().until(() -> probe.left() == all);
    }
  }

  @Test
  void whoFindsNoMemoryLeftGetsTheReplyAsItIs() throws Exception {
    var small = new CompressionProbe(600 * 1024);
    try (var backend = endless();
        var proxy = new FilteredProxy(backend.port(), small.filter());
        var first = ask(proxy, "gzip")) {
      assertThat(head(first.getInputStream())).contains("content-encoding: gzip");
      try (var second = ask(proxy, "gzip");
          var third = ask(proxy, "gzip")) {
        var heads = List.of(head(second.getInputStream()), head(third.getInputStream()));
        assertThat(heads).allMatch(head -> head.contains("vary: Accept-Encoding"));
        assertThat(heads).filteredOn(head -> head.contains("content-encoding: gzip")).hasSize(1);
      }
      await().until(() -> small.left() > 300 * 1024);
      try (var fourth = ask(proxy, "gzip")) {
        assertThat(head(fourth.getInputStream())).contains("content-encoding: gzip");
      }
    }
  }

  @Test
  void brotliLeavesAQuarterOfTheMemoryToGzip() throws Exception {
    // Three of brotli's shares of level 1, one of gzip's, and nothing more.
    var small = new CompressionProbe(1200 * 1024);
    var clients = new ArrayList<Socket>();
    try (var backend = endless();
        var proxy = new FilteredProxy(backend.port(), small.filter())) {
      for (var coding : List.of("br", "br", "br", "gzip", "")) {
        var client = ask(proxy, "br, gzip");
        clients.add(client);
        assertThat(head(client.getInputStream()).contains("content-encoding: br"))
            .isEqualTo(coding.equals("br"));
        assertThat(small.left() < 432 * 1024).isEqualTo(!coding.equals("br"));
      }
      for (var client : clients) {
        client.close();
      }
      await().until(() -> small.left() == 1200 * 1024);
    }
  }

  @ParameterizedTest
  @CsvSource({"'br, gzip', gzip", "br, none"})
  void whereBrotliFindsTooLittleGzipIsTakenByWhoTakesIt(String accepted, String coding)
      throws Exception {
    var small = new CompressionProbe(1024 * 1024);
    try (var backend = endless();
        var proxy = new FilteredProxy(backend.port(), small.filter(1, 4));
        var client = ask(proxy, accepted)) {
      var head = head(client.getInputStream());
      assertThat(head.contains("content-encoding: gzip")).isEqualTo(coding.equals("gzip"));
      assertThat(head).doesNotContain("content-encoding: br").contains("vary: Accept-Encoding");
    }
  }

  @Test
  void withoutBrotlisLibraryGzipIsLeft() throws Exception {
    try (var backend = endless();
        var proxy = new FilteredProxy(backend.port(), probe.withoutBrotli().filter());
        var client = ask(proxy, "br, gzip;q=0.5")) {
      assertThat(head(client.getInputStream())).contains("content-encoding: gzip");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br"})
  void everyEventComesBeforeTheNextIsThere(String coding) throws Exception {
    var events = new SynchronousQueue<String>();
    try (var backend =
            new ScriptedBackend(
                (request, out) -> {
                  out.write(
                      ascii(
                          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                              + "Transfer-Encoding: chunked\r\n\r\n"));
                  for (var event = events.take(); !event.isEmpty(); event = events.take()) {
                    out.write(ascii(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n"));
                  }
                  out.write(ascii("0\r\n\r\n"));
                });
        var proxy = new FilteredProxy(backend.port(), probe.filter());
        var client = ask(proxy, coding)) {
      var in = client.getInputStream();
      assertThat(head(in)).contains("content-encoding: " + coding);
      events.put("data: 0\n\n");
      var chunks = new Chunks(in);
      var decoded =
          coding.equals("gzip") ? new GZIPInputStream(chunks, 1) : new BrotliStream(chunks);
      assertThat(decoded.readNBytes(9)).isEqualTo(ascii("data: 0\n\n"));
      for (int i = 1; i < 10; i++) {
        events.put("data: " + i + "\n\n");
        assertThat(decoded.readNBytes(9)).isEqualTo(ascii("data: " + i + "\n\n"));
      }
      events.put("");
      assertThat(decoded.read()).isEqualTo(-1);
      await().until(() -> probe.left() == all);
    }
  }

  @ParameterizedTest
  @CsvSource({"gzip, 1", "gzip, 9", "br, 0", "br, 5", "br, 9", "br, 10"})
  void aLargeBodyComesOutAsItWas(String coding, int level) throws Exception {
    var text = new StringBuilder();
    var random = new Random(level);
    while (text.length() < (level < 9 ? 4 * MEGABYTE : 300_000)) {
      text.append("{\"name\": ").append(random.nextInt(1000)).append("},\n");
    }
    var body = text.toString();
    try (var backend =
            new ScriptedBackend(
                (request, out) ->
                    out.write(
                        ascii(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body)));
        var proxy = new FilteredProxy(backend.port(), probe.filter(Math.min(level, 9), level));
        var client = ask(proxy, coding)) {
      var in = client.getInputStream();
      head(in);
      var chunks = new Chunks(new BufferedInputStream(in));
      var decoded = coding.equals("gzip") ? new GZIPInputStream(chunks) : new BrotliStream(chunks);
      assertThat(new String(decoded.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(body);
      await().until(() -> probe.left() == all);
    }
  }
}
