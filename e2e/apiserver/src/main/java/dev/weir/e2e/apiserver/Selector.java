package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A label or field selector: {@code a=b,c!=d,e,!f}; set expressions are not understood. */
final class Selector {
  private Selector() {}

  /** The objects that a list or watch asks for. */
  static Predicate<JsonNode> of(ApiRequest request) {
    var terms = new ArrayList<Predicate<JsonNode>>();
    if (!request.namespace().isEmpty()) {
      var namespace = request.namespace();
      terms.add(object -> object.at("/metadata/namespace").asText().equals(namespace));
    }
    for (var term : split(request.parameter("labelSelector"))) {
      terms.add(term(term, false));
    }
    for (var term : split(request.parameter("fieldSelector"))) {
      terms.add(term(term, true));
    }
    return object -> terms.stream().allMatch(term -> term.test(object));
  }

  private static List<String> split(String selector) {
    return selector.isEmpty() ? List.of() : List.of(selector.split(",", -1));
  }

  private static Predicate<JsonNode> term(String term, boolean field) {
    int not = term.indexOf("!=");
    if (not > 0) {
      return equal(term.substring(0, not), term.substring(not + 2), field).negate();
    }
    int equals = term.indexOf('=');
    if (equals > 0) {
      var value = term.substring(equals + 1);
      return equal(
          term.substring(0, equals), value.startsWith("=") ? value.substring(1) : value, field);
    }
    boolean absent = term.startsWith("!");
    var name = absent ? term.substring(1) : term;
    return object -> object.path("metadata").path("labels").has(name) != absent;
  }

  private static Predicate<JsonNode> equal(String name, String value, boolean field) {
    return object -> {
      var node =
          field
              ? object.at("/" + name.replace('.', '/'))
              : object.path("metadata").path("labels").path(name);
      return node.asText().equals(value);
    };
  }
}
