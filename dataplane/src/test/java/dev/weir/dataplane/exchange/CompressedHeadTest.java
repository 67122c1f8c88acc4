package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.filter.ErrorFilter;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.filter.SubRequestHead;
import dev.weir.dataplane.filters.CompressionProbe;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.UpstreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads of compressed replies that other filters have changed before. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class CompressedHeadTest {
  /** Removes the field and then adds a line, if there is a value; of replies with 200. */
  private record Changing(String name, String value, boolean removes) implements ReplyFilter {
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
      if (removes && reply.status() == 200) {
        edits.remove(name);
      }
      if (!value.isEmpty() && reply.status() == 200) {
        edits.add(name, value);
      }
    }
  }

  /** Asks the backend for a page where something failed. */
  private record Paging() implements ErrorFilter {
    @Override
    public FilterPhase phase() {
      return FilterPhase.BACKEND;
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return FilterOutcome.Continue.CONTINUE;
    }

    @Override
    public @Nullable Substitute onStatus(FilterRequest request, int status, boolean own) {
      if (status != 500) {
        return null;
      }
      var head = request.head();
      return new Asked(
          new UpstreamId("default", "web", "80"),
          new SubRequestHead("GET", "/page", head.authority(), head.fields()),
          new HeadEdits());
    }
  }

  private final CompressionProbe probe = new CompressionProbe();

  private static ScriptedBackend backend(String fields) throws IOException {
    return new ScriptedBackend(
        (request, out) -> {
          var reply =
              request.startsWith("GET /page ")
                  ? "HTTP/1.1 503 Out\r\nContent-Length: 4\r\n\r\npage"
                  : "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n"
                      + fields.replace(";", "\r\n")
                      + "\r\nbody";
          out.write(reply.getBytes(StandardCharsets.US_ASCII));
        });
  }

  private static String reply(FilteredProxy proxy) throws IOException {
    try (var socket = proxy.connect()) {
      var request =
          "GET / HTTP/1.1\r\nHost: shop.example.com\r\nAccept-Encoding: gzip\r\n"
              + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static List<String> values(String reply, String name) {
    var head = reply.substring(0, reply.indexOf("\r\n\r\n"));
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
        .map(line -> line.substring(name.length() + 2))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'Vary: Accept-Encoding;', '', true, 'Accept-Encoding'",
    "'Vary: Accept-Encoding;', Origin, true, 'Origin|Accept-Encoding'",
    "'Vary: Accept-Encoding;', Origin, false, 'Accept-Encoding|Origin'",
    "'', Origin, false, 'Origin|Accept-Encoding'",
    "'Vary: Cookie;', 'accept-encoding, Origin', true, 'accept-encoding, Origin'",
    "'Vary: Cookie;', '*', true, '*'",
  })
  void varyNamesAcceptEncodingWhateverWasMadeOfIt(
      String fields, String value, boolean removes, String expected) throws Exception {
    try (var backend = backend(fields);
        var proxy =
            new FilteredProxy(
                backend.port(), new Changing("vary", value, removes), probe.filter())) {
      var reply = reply(proxy);
      assertThat(values(reply, "content-encoding")).containsExactly("gzip");
      assertThat(values(reply, "vary")).containsExactly(expected.split("\\|", -1));
    }
  }

  @ParameterizedTest
  @CsvSource({"true, '', ''", "true, '\"own\"', '\"own\"'", "false, '', 'W/\"x\"'"})
  void anETagThatWasTakenAwayStaysAway(boolean removes, String value, String expected)
      throws Exception {
    try (var backend = backend("ETag: \"x\";");
        var proxy =
            new FilteredProxy(
                backend.port(), new Changing("etag", value, removes), probe.filter())) {
      var reply = reply(proxy);
      assertThat(values(reply, "content-encoding")).containsExactly("gzip");
      assertThat(String.join("|", values(reply, "etag"))).isEqualTo(expected);
    }
  }

  @Test
  void aReplyInWhosePlaceAPageIsSentGivesItsMemoryBack() throws Exception {
    long all = probe.left();
    try (var backend = backend("");
        var proxy =
            new FilteredProxy(
                backend.port(),
                // No reply may be sent with that: its head fails after its body has its way.
                new Changing("content-length", "1", true),
                new Paging(),
                probe.filter())) {
      assertThat(reply(proxy)).startsWith("HTTP/1.1 503 ").endsWith("page");
      await().until(() -> probe.left() == all);
    }
  }
}
