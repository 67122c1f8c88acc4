package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.wire.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a backend says to requests of a kind.
 *
 * @param when which requests
 * @param times how often it is said; -1 for always
 * @param gate waits until a step opens it; empty for none
 * @param unread waits there before it reads the request's body
 * @param what the reply
 * @param end what happens to the connection afterwards
 */
record ReplyForm(When when, int times, String gate, boolean unread, What what, End end) {
  /** Each is a condition unless empty. */
  record When(String method, String target, Map<String, String> headers) {
    boolean fits(Head head) {
      return (method.isEmpty() || method.equals(head.method()))
          && (target.isEmpty()
              || target.equals(head.target())
              || (target.endsWith("*")
                  && head.target().startsWith(target.substring(0, target.length() - 1))))
          && headers.entrySet().stream()
              .allMatch(field -> head.all(field.getKey()).contains(field.getValue()));
    }
  }

  /**
   * A reply.
   *
   * @param status 0 to echo
   * @param raw sent instead of all else, unless empty
   */
  record What(
      int status, List<String> fields, String body, int bodySize, boolean chunked, String raw) {}

  enum End {
    KEEP,
    CLOSE,
    /** Closed below TLS: without close_notify. */
    CUT,
    RESET,
    /** Closed in place of a reply. */
    DROP
  }

  static ReplyForm read(String where, JsonNode node) {
    var form = Form.of(where, node);
    var conditions = form.form("when");
    var when =
        new When(
            conditions.text("method", ""),
            conditions.text("target", ""),
            conditions.textMap("headers"));
    conditions.end();
    var fields = new ArrayList<String>();
    form.nodes("headers").forEach((name, value) -> addFields(fields, name, value));
    if (form.has("head-size")) {
      fields.add("X-Padding: " + "x".repeat(form.number("head-size", 0)));
    }
    var what =
        new What(
            form.number("status", form.has("body") || form.has("body-size") ? 200 : 0),
            fields,
            form.text("body", ""),
            form.number("body-size", -1),
            form.flag("chunked"),
            form.text("raw", ""));
    var end = End.valueOf(form.text("then", "keep").toUpperCase(Locale.ROOT));
    var read =
        new ReplyForm(
            when, form.number("times", -1), form.text("gate", ""), form.flag("unread"), what, end);
    form.end();
    return read;
  }

  private static void addFields(List<String> fields, String name, JsonNode value) {
    if (value.isArray()) {
      value.forEach(one -> fields.add(name + ": " + one.asText()));
    } else {
      fields.add(name + ": " + value.asText());
    }
  }
}
