package dev.weir.e2e.http2;

import dev.weir.e2e.backend.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A backend's script that answers every request with 200 and keeps what it got, byte for byte but
 * for the fields that the proxy adds and the framing of chunks. Any thread.
 */
final class Collector implements Script {
  private static final Set<String> ADDED =
      Set.of(
          "x-request-id",
          "x-real-ip",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-forwarded-scheme",
          "x-scheme");

  private final List<String> complete = new ArrayList<>();

  @Override
  public void serve(Call call) throws IOException {
    var request = new StringBuilder();
    for (var line : call.head().raw().split("(?<=\r\n)", -1)) {
      var name = line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
      if (!ADDED.contains(name)) {
        request.append(line);
      }
    }
    request.append(new String(call.body().readAllBytes(), StandardCharsets.ISO_8859_1));
    synchronized (this) {
      complete.add(request.toString());
    }
    call.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }

  /** Requests that arrived whole since the last call. */
  synchronized List<String> take() {
    var taken = List.copyOf(complete);
    complete.clear();
    return taken;
  }
}
