package dev.weir.controller.admin;

import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Answers a scrape. The text is sent on while it is made: with many routes it is more than should
 * be held at once. It is compressed where the scraper takes that, as Prometheus does, quickly
 * rather than well.
 */
final class MetricsPage {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final int BUFFER = 1 << 15;

  private MetricsPage() {}

  /** Where the text comes from. */
  interface Source {
    /**
     * Writes all of it.
     *
     * @throws IOException what {@code out} throws
     */
    void writeTo(Appendable out) throws IOException;
  }

  /**
   * Sends all of it; if this throws, the body has no end, and the connection is to be cut.
   *
   * @throws IOException if the scraper takes no more
   */
  static void send(HttpExchange exchange, Source source) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", TYPE);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Vary", "Accept-Encoding");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    boolean zipped = takesGzip(exchange);
    if (zipped) {
      headers.set("Content-Encoding", "gzip");
    }
    exchange.sendResponseHeaders(200, 0);
    var body = exchange.getResponseBody();
    var text = text(zipped ? new FastGzip(body) : body);
    source.writeTo(text);
    // Only now: the end of the body says that it is whole.
    text.close();
  }

  private static BufferedWriter text(OutputStream bytes) {
    return new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), BUFFER);
  }

  /** Whether {@code gzip} is named and not refused (RFC 9110 12.5.3). */
  private static boolean takesGzip(HttpExchange exchange) {
    for (var line : exchange.getRequestHeaders().getOrDefault("Accept-Encoding", List.of())) {
      for (var choice : line.toLowerCase(Locale.ROOT).split(",", -1)) {
        var parts = choice.strip().split(";", 2);
        boolean refused = parts.length == 2 && parts[1].strip().matches("q=0(\\.0*)?");
        if (parts[0].strip().equals("gzip") && !refused) {
          return true;
        }
      }
    }
    return false;
  }

  /** The JDK's own has no choice of level. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
