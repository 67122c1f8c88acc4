package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A mapping of a case file. A key that nobody asked for is a mistake in the file. */
final class Form {
  private final String where;
  private final ObjectNode node;
  private final Set<String> asked = new HashSet<>();

  private Form(String where, ObjectNode node) {
    this.where = where;
    this.node = node;
  }

  /** Reads a mapping; an empty value is an empty mapping. */
  static Form of(String where, @Nullable JsonNode node) {
    if (node instanceof ObjectNode object) {
      return new Form(where, object);
    }
    if (node == null || node.isNull()) {
      return new Form(where, JsonNodeFactory.instance.objectNode());
    }
    throw new IllegalArgumentException(where + ": expected a mapping, not " + node);
  }

  String where() {
    return where;
  }

  boolean has(String key) {
    return node.has(key);
  }

  @Nullable JsonNode node(String key) {
    asked.add(key);
    return node.get(key);
  }

  String text(String key) {
    var text = optional(key);
    if (text == null) {
      throw new IllegalArgumentException(where + ": " + key + " is missing");
    }
    return text;
  }

  String text(String key, String otherwise) {
    var text = optional(key);
    return text == null ? otherwise : text;
  }

  @Nullable String optional(String key) {
    var value = node(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isValueNode()) {
      throw new IllegalArgumentException(where + ": " + key + " must be a text, not " + value);
    }
    return value.asText();
  }

  int number(String key, int otherwise) {
    var text = optional(key);
    return text == null ? otherwise : Integer.parseInt(text);
  }

  boolean flag(String key) {
    return Boolean.parseBoolean(text(key, "false"));
  }

  /** A list of texts; one text alone is a list, too. */
  List<String> texts(String key) {
    return list(key).stream().map(JsonNode::asText).toList();
  }

  /** The elements of a list; one alone is a list, too. */
  List<JsonNode> list(String key) {
    var value = node(key);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      return List.of(value);
    }
    var all = new ArrayList<JsonNode>();
    value.forEach(all::add);
    return all;
  }

  Map<String, String> textMap(String key) {
    var all = new LinkedHashMap<String, String>();
    nodes(key).forEach((name, value) -> all.put(name, value.asText()));
    return all;
  }

  Map<String, JsonNode> nodes(String key) {
    var all = new LinkedHashMap<String, JsonNode>();
    var inner = Form.of(where + "." + key, node(key)).node;
    inner.properties().forEach(field -> all.put(field.getKey(), field.getValue()));
    return all;
  }

  Form form(String key) {
    return Form.of(where + "." + key, node(key));
  }

  /** Everything that may stand here was asked for. */
  void end() {
    for (var field : node.properties()) {
      if (!asked.contains(field.getKey())) {
        throw new IllegalArgumentException(where + ": unknown key " + field.getKey());
      }
    }
  }
}
