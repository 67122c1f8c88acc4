package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.Decoder;
import dev.weir.dataplane.model.Compression;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which replies are compressed, and what their heads say then (ingress-nginx.md 4.11 and 7.G). */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class CompressionTest {
  private static final PathMatch ALL = new PathMatch.Prefix("/");
  private static final String TYPES = "text/plain application/json";
  private static final Compression.Gzip GZIP = new Compression.Gzip(5, 100, TYPES, "");
  private static final Compression.Brotli BROTLI = new Compression.Brotli(4, 100, TYPES);
  private static final String TEXT = "What is said three times is true. ".repeat(100);

  private static void route(
      TestPlane plane, Compression.@Nullable Gzip gzip, Compression.@Nullable Brotli brotli) {
    List<FilterSettings> filters = List.of(new Compression(gzip, brotli));
    plane.route(ALL, new RouteAction.Forward(TestPlane.id("web")), filters, Timeouts.DEFAULT);
  }

  /** A backend that always says the same. */
  private static RawBackend saying(String status, String fields, String body) throws Exception {
    var head = "HTTP/1.1 " + status + "\r\n" + fields.replace("; ;", "\r\n");
    return new RawBackend(
        connection -> {
          for (var request = connection.read(); request != null; request = connection.read()) {
            boolean bodiless = request.requestLine().startsWith("HEAD ");
            connection.send(
                head
                    + "\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + (bodiless ? "" : body));
          }
        });
  }

  private static String request(String fields) {
    return "GET / HTTP/1.1\r\nHost: shop.example.com\r\n" + fields + "\r\n\r\n";
  }

  private static String decoded(RawClient.Reply reply) throws Exception {
    var bytes = reply.body().getBytes(StandardCharsets.ISO_8859_1);
    return switch (reply.field("content-encoding")) {
      case "gzip" ->
          new String(
              new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(),
              StandardCharsets.ISO_8859_1);
      case "br" ->
          new String(Decoder.decompress(bytes).getDecompressedData(), StandardCharsets.ISO_8859_1);
      default -> reply.body();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          gzip, deflate, br       | br
          gzip, deflate           | gzip
          br;q=0.5, gzip          | gzip
          br;q=0.5, gzip;q=0.5    | br
          *                       | gzip
          *;q=0                   | -
          gzip;q=0                | -
          gzip;q=0, br;q=0        | -
          identity;q=0            | -
          identity, gzip;q=0.9    | -
          identity;q=0.9, gzip    | gzip
          identity, gzip          | gzip
          deflate                 | -
          zstd                    | -
          """)
  void theCodingIsTheOneThatTheClientWantsMost(String accepted, @Nullable String coding)
      throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain", TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, BROTLI);
      var reply = client.send(request("Accept-Encoding: " + accepted)).read();
      assertThat(reply.field("content-encoding")).isEqualTo(coding == null ? "" : coding);
      assertThat(decoded(reply)).isEqualTo(TEXT);
      assertThat(reply.field("vary")).isEqualTo("Accept-Encoding");
      if (coding == null) {
        assertThat(reply.field("content-length")).isEqualTo("" + TEXT.length());
      } else {
        assertThat(reply.fields().toString().toLowerCase(Locale.ROOT))
            .doesNotContain("content-length");
        assertThat(reply.body().length()).isLessThan(TEXT.length() / 10);
      }
    }
  }

  @Test
  void withoutTheFieldNothingIsCompressed() throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain", TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, BROTLI);
      var reply = client.send(request("X-A: b")).read();
      assertThat(reply.all("content-encoding")).isEmpty();
      assertThat(reply.field("vary")).isEqualTo("Accept-Encoding");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 OK                  | Content-Type: text/plain                                          | true
          200 OK                  | Content-Type: Text/Plain; charset=utf-8                           | true
          200 OK                  | Content-Type: application/json                                    | true
          200 OK                  | Content-Type: text/html                                           | true
          403 Forbidden           | Content-Type: text/plain                                          | true
          404 Not Found           | Content-Type: text/plain                                          | true
          200 OK                  | Content-Type: text/css                                            | false
          200 OK                  | X-A: b                                                            | false
          201 Created             | Content-Type: text/plain                                          | false
          206 Partial Content     | Content-Type: text/plain; ;Content-Range: bytes 0-3399/9000       | false
          416 Range Not Satisfied | Content-Type: text/plain                                          | false
          500 Internal            | Content-Type: text/plain                                          | false
          200 OK                  | Content-Type: text/plain; ;Content-Encoding: br                   | false
          200 OK                  | Content-Type: text/plain; ;Content-Encoding: gzip                 | false
          200 OK                  | Content-Type: text/plain; ;Cache-Control: private,No-Transform    | false
          200 OK                  | Content-Type: text/plain; ;Cache-Control: private                 | true
          """)
  void onlyWholeRepliesOfTheListedTypesThatMayBeChangedAreCompressed(
      String status, String fields, boolean compressed) throws Exception {
    try (var backend = saying(status, fields, TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, null);
      var reply = client.send(request("Accept-Encoding: gzip")).read();
      if (compressed) {
        assertThat(reply.all("content-encoding")).contains("gzip");
        assertThat(reply.field("vary")).isEqualTo("Accept-Encoding");
        assertThat(decoded(reply)).isEqualTo(TEXT);
      } else {
        assertThat(reply.body()).isEqualTo(TEXT);
        assertThat(reply.all("vary")).isEmpty();
      }
    }
  }

  @Test
  void aClientMayForbidItAndRangesAreAskedForInVain() throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain", TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, BROTLI);
      var forbidden = "Accept-Encoding: gzip\r\nCache-Control: no-transform";
      assertThat(client.send(request(forbidden)).read().all("content-encoding")).isEmpty();
      var range = "Accept-Encoding: gzip\r\nRange: bytes=0-99";
      assertThat(client.send(request(range)).read().field("content-encoding")).isEqualTo("gzip");
    }
  }

  @ParameterizedTest
  @CsvSource({"99, false", "100, true"})
  void announcedLengthsHaveALeastValue(int length, boolean compressed) throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain", "x".repeat(length));
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, null);
      var reply = client.send(request("Accept-Encoding: gzip")).read();
      assertThat(reply.all("content-encoding")).hasSize(compressed ? 1 : 0);
      assertThat(decoded(reply)).isEqualTo("x".repeat(length));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s"})
  void aBodyWithoutAnnouncedLengthIsCompressedWhateverItsLength(String body) throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                            + "Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
                            + (body.isEmpty() ? "" : "1\r\n" + body + "\r\n")
                            + "0\r\nX-T: dropped\r\n\r\n");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, BROTLI);
      for (var coding : List.of("gzip", "br", "gzip")) {
        var reply = client.send(request("Accept-Encoding: " + coding)).read();
        assertThat(reply.field("content-encoding")).isEqualTo(coding);
        assertThat(decoded(reply)).isEqualTo(body);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "abc"     | W/"abc"
          W/"abc"   | W/"abc"
          abc       | ''
          """)
  void fieldsThatSpokeOfTheOtherBytesAreChangedOrGo(String etag, String sent) throws Exception {
    var fields =
        "Content-Type: text/plain\r\nETag: "
            + etag
            + "\r\nAccept-Ranges: bytes\r\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\r\n"
            + "Digest: sha-256=x\r\nRepr-Digest: sha-256=:x:\r\nContent-Digest: sha-256=:x:\r\n"
            + "Last-Modified: Sat, 21 Nov 2015 08:00:00 GMT";
    try (var backend = saying("200 OK", fields, TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, null);
      for (var method : List.of("GET", "HEAD")) {
        client.send(request("Accept-Encoding: gzip").replace("GET", method));
        var reply = method.equals("GET") ? client.read() : client.readWithoutBody();
        assertThat(reply.field("content-encoding")).isEqualTo("gzip");
        assertThat(reply.field("etag")).isEqualTo(sent);
        assertThat(reply.field("last-modified")).isNotEmpty();
        assertThat(reply.all("content-length")).isEmpty();
        assertThat(reply.fields())
            .noneMatch(
                field -> field.toLowerCase(Locale.ROOT).matches("accept-r.*|.*(md5|digest):.*"));
      }
      var plain = client.send(request("Accept-Encoding: none")).read();
      assertThat(plain.field("etag")).isEqualTo(etag);
      assertThat(plain.field("accept-ranges")).isEqualTo("bytes");
      assertThat(plain.field("content-md5")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Origin                 | Origin, Accept-Encoding
          accept-encoding        | accept-encoding
          Origin,Accept-Encoding | Origin,Accept-Encoding
          *                      | *
          """)
  void varyNamesTheFieldOnce(String vary, String sent) throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain\r\nVary: " + vary, TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, BROTLI);
      var reply = client.send(request("Accept-Encoding: gzip")).read();
      assertThat(String.join(", ", reply.all("vary"))).isEqualTo(sent);
    }
  }

  @Test
  void headHasTheFieldsOfGetAlsoWhereTheyAreThoseOfAPlainReply() throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain", "short");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, BROTLI);
      client.send(request("Accept-Encoding: gzip").replace("GET", "HEAD"));
      var reply = client.readWithoutBody();
      assertThat(reply.field("content-length")).isEqualTo("5");
      assertThat(reply.all("content-encoding")).isEmpty();
    }
  }

  @Test
  void clientsOfHttp10GetItPlain() throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain", TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, GZIP, BROTLI);
      var reply =
          client.send(request("Accept-Encoding: gzip, br").replace("HTTP/1.1", "HTTP/1.0")).read();
      assertThat(reply.all("content-encoding")).isEmpty();
      assertThat(reply.field("vary")).isEqualTo("Accept-Encoding");
      assertThat(reply.body()).isEqualTo(TEXT);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          curl/.*| CURL/8.1                                     | false
          curl   | lib-curl                                     | false
          curl   | wget                                         | true
          msie6  | Mozilla/4.0 (compatible; MSIE 5.5; Windows)  | false
          msie6  | Mozilla/4.0 (compatible; MSIE 6.0; Windows)  | false
          msie6  | Mozilla/4.0 (MSIE 6.0; Windows NT 5.1; SV1)  | true
          msie6  | Mozilla/4.0 (compatible; MSIE 7.0; Windows)  | true
          msie6  | msie6                                        | true
          msie6  | MSIE                                         | true
          (      | anything                                     | true
          """)
  void userAgentsMayBeLeftOutOfGzip(String disabled, String agent, boolean compressed)
      throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/plain", TEXT);
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, new Compression.Gzip(1, 0, TYPES, disabled), BROTLI);
      var agentField = "\r\nUser-Agent: " + agent;
      var reply = client.send(request("Accept-Encoding: gzip" + agentField)).read();
      assertThat(reply.all("content-encoding")).hasSize(compressed ? 1 : 0);
      var brotli = client.send(request("Accept-Encoding: gzip, br" + agentField)).read();
      assertThat(brotli.field("content-encoding")).isEqualTo("br");
    }
  }

  @Test
  void eachCodingHasItsOwnTypesAndLengths() throws Exception {
    try (var backend = saying("200 OK", "Content-Type: text/css", "c".repeat(150));
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var both = request("Accept-Encoding: gzip, br");
      route(plane, GZIP, new Compression.Brotli(1, 0, "text/css"));
      assertThat(client.send(both).read().field("content-encoding")).isEqualTo("br");
      route(plane, new Compression.Gzip(1, 0, "*", ""), new Compression.Brotli(1, 151, "*"));
      assertThat(client.send(both).read().field("content-encoding")).isEqualTo("gzip");
      route(plane, null, BROTLI);
      assertThat(client.send(both).read().all("content-encoding")).isEmpty();
    }
  }

  @Test
  void pagesOfTheProxysOwnAndUpgradesAreLeftAlone() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n"
                          + "Content-Type: text/plain\r\n\r\n");
                  connection.send(connection.in().readNBytes(5));
                });
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, new Compression.Gzip(1, 0, "*", ""), new Compression.Brotli(1, 0, "*"));
      try (var client = plane.client()) {
        client.send(request("Accept-Encoding: gzip\r\nUpgrade: echo\r\nConnection: upgrade"));
        var reply = client.readWithoutBody();
        assertThat(reply.status()).isEqualTo(101);
        assertThat(reply.all("content-encoding")).isEmpty();
        client.send("bytes");
        assertThat(client.readBytes(5)).isEqualTo("bytes".getBytes(StandardCharsets.US_ASCII));
      }
      plane.endpoints("web", List.of());
      try (var client = plane.client()) {
        var reply = client.send(request("Accept-Encoding: gzip, br")).read();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.all("content-encoding")).isEmpty();
        assertThat(reply.body()).contains("503 Service Temporarily Unavailable");
      }
    }
  }
}
