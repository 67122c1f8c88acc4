package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A complete answer. */
record Reply(int code, Map<String, String> headers, byte[] body) {
  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply json(int code, JsonNode body) {
    return bytes(code, Json.bytes(body));
  }

  static Reply bytes(int code, byte[] body) {
    return new Reply(code, Map.of("Content-Type", "application/json"), body);
  }

  /** What the real server says to a path that it doesn't serve. */
  static Reply noSuchPath() {
    return new Reply(
        404,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        "404 page not found\n".getBytes(StandardCharsets.UTF_8));
  }
}
