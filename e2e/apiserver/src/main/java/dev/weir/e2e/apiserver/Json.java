package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Texts to trees and back. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Json() {}

  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of a YAML or JSON text of several documents. */
  static List<ObjectNode> documents(String text) {
    var objects = new ArrayList<ObjectNode>();
    try (var parser = YAML.getFactory().createParser(text)) {
      var documents = YAML.readValues(parser, JsonNode.class);
      while (documents.hasNext()) {
        if (documents.next() instanceof ObjectNode object) {
          objects.add(object);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  /** JSON merge patch (RFC 7396). */
  static ObjectNode merge(ObjectNode target, JsonNode patch) {
    for (var field : patch.properties()) {
      var value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value.isObject()) {
        var inner =
            target.get(field.getKey()) instanceof ObjectNode object
                ? object
                : MAPPER.createObjectNode();
        target.set(field.getKey(), merge(inner, value));
      } else {
        target.set(field.getKey(), value);
      }
    }
    return target;
  }
}
