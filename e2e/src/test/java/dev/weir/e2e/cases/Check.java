package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a value must be. In a file: a text (exactly it, once), {@code null} (absent), a list (these
 * values in this order), or a mapping of {@code contains}, {@code lacks}, {@code matches} (a
 * regular expression for the whole value), {@code count}, {@code is}, of which all must hold.
 */
sealed interface Check {
  /** What is wrong with these values; empty if nothing is. */
  List<String> problems(String what, List<String> values);

  /** Reads a check. */
  static Check of(String where, JsonNode node) {
    if (node.isNull()) {
      return new Exactly(List.of());
    }
    if (node.isArray()) {
      var all = new ArrayList<String>();
      node.forEach(value -> all.add(value.asText()));
      return new Exactly(all);
    }
    if (node.isValueNode()) {
      return new Exactly(List.of(node.asText()));
    }
    var form = Form.of(where, node);
    var matches = form.optional("matches");
    var check =
        new Like(
            form.texts("contains"),
            form.texts("lacks"),
            matches == null ? null : Pattern.compile(matches, Pattern.DOTALL),
            form.number("count", -1));
    form.end();
    return check;
  }

  /** These values and no others. */
  record Exactly(List<String> expected) implements Check {
    @Override
    public List<String> problems(String what, List<String> values) {
      return values.equals(expected)
          ? List.of()
          : List.of(what + ": " + shown(values) + " (expected: " + shown(expected) + ")");
    }
  }

  /** Properties of the values; {@code contains} and {@code matches} need one value that fits. */
  record Like(List<String> contains, List<String> lacks, @Nullable Pattern matches, int count)
      implements Check {
    @Override
    public List<String> problems(String what, List<String> values) {
      var problems = new ArrayList<String>();
      for (var part : contains) {
        if (values.stream().noneMatch(value -> value.contains(part))) {
          problems.add(what + ": " + shown(values) + " (expected to contain: " + part + ")");
        }
      }
      for (var part : lacks) {
        if (values.stream().anyMatch(value -> value.contains(part))) {
          problems.add(what + ": " + shown(values) + " (expected to lack: " + part + ")");
        }
      }
      var pattern = matches;
      if (pattern != null && values.stream().noneMatch(value -> pattern.matcher(value).matches())) {
        problems.add(what + ": " + shown(values) + " (expected to match: " + pattern + ")");
      }
      if (count >= 0 && values.size() != count) {
        problems.add(what + ": " + shown(values) + " (expected: " + count + " values)");
      }
      return problems;
    }
  }

  private static String shown(List<String> values) {
    return switch (values.size()) {
      case 0 -> "absent";
      case 1 -> "\"" + values.getFirst() + "\"";
      default -> values.toString();
    };
  }
}
