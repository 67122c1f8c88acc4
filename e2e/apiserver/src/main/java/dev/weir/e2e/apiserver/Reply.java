package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** A complete answer. */
record Reply(int code, Map<String, String> headers, String body) {
  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply json(int code, JsonNode body) {
    return text(code, Json.text(body));
  }

  static Reply text(int code, String body) {
    return new Reply(code, Map.of("Content-Type", "application/json"), body);
  }

  /** What the real server says to a path that it doesn't serve. */
  static Reply noSuchPath() {
    return new Reply(
        404, Map.of("Content-Type", "text/plain; charset=utf-8"), "404 page not found\n");
  }
}
