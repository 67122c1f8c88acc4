package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.testsupport.trace.ReceivedSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a span must be. */
record SpanForm(Map<String, Check> checks, Map<String, Check> attributes) {
  static SpanForm read(String where, JsonNode node) {
    var form = Form.of(where, node);
    var checks = new LinkedHashMap<String, Check>();
    for (var key : List.of("name", "service", "trace", "parent")) {
      var value = form.node(key);
      if (value != null) {
        checks.put(key, Check.of(where + "." + key, value));
      }
    }
    var attributes = new LinkedHashMap<String, Check>();
    form.nodes("attributes")
        .forEach((key, value) -> attributes.put(key, Check.of(where + "." + key, value)));
    form.end();
    return new SpanForm(checks, attributes);
  }

  List<String> problems(String what, ReceivedSpan span) {
    var problems = new ArrayList<String>();
    checks.forEach(
        (key, check) ->
            problems.addAll(check.problems(what + " " + key, values(value(key, span)))));
    attributes.forEach(
        (key, check) ->
            problems.addAll(check.problems(what + " " + key, values(span.attribute(key)))));
    return problems;
  }

  private static String value(String key, ReceivedSpan span) {
    return switch (key) {
      case "name" -> span.name();
      case "service" -> span.service();
      case "trace" -> span.ids().trace();
      default -> span.ids().parent();
    };
  }

  private static List<String> values(Object value) {
    return value.toString().isEmpty() ? List.of() : List.of(value.toString());
  }
}
