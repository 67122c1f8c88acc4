package dev.weir.controller.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.controller.parse.ObjectParser;
import dev.weir.controller.parse.Parsed;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * Reads answers of the API server object by object: never more than one object's tree is in memory.
 * May be used from any thread.
 */
final class ObjectReader {
  private final ObjectMapper mapper;
  private final ObjectParser parser = new ObjectParser();

  ObjectReader(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * A page of a list.
   *
   * @param version of the list
   * @param next the token of the next page; empty on the last
   */
  record Page(String version, String next) {}

  /** An object, taken apart as far as the loop needs. */
  record Item(ObjectKey key, String version, Parsed parsed) {}

  /** Reads a page, handing over each item as soon as it is read. */
  Page page(InputStream body, WatchedKind.Version type, Kind kind, Consumer<Item> items)
      throws IOException {
    var page = new Page("", "");
    try (var json = mapper.getFactory().createParser(body)) {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var field = json.currentName();
        var value = json.nextToken();
        switch (field) {
          case "metadata" -> page = metadata(mapper.readTree(json));
          case "items" -> items(json, value, type, item -> items.accept(item(item, kind)));
          default -> json.skipChildren();
        }
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
    }
    return page;
  }

  private static Page metadata(JsonNode metadata) {
    return new Page(metadata.path("resourceVersion").asText(), metadata.path("continue").asText());
  }

  private void items(
      JsonParser json, JsonToken start, WatchedKind.Version type, Consumer<ObjectParser.Item> items)
      throws IOException {
    if (start == JsonToken.VALUE_NULL) {
      return; // How Go writes an empty list that was never filled.
    }
    expect(start, JsonToken.START_ARRAY);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      parser.parseItem(json, type.groupVersion(), type.kind()).ifPresent(items);
    }
  }

  private static Item item(ObjectParser.Item item, Kind kind) {
    var namespace = kind.namespaced() ? item.namespace() : "";
    return new Item(new ObjectKey(kind, namespace, item.name()), item.version(), item.parsed());
  }

  private static void expect(JsonToken found, JsonToken wanted) throws IOException {
    if (found != wanted) {
      throw ApiFailure.malformed("the answer is no list: " + found + " instead of " + wanted);
    }
  }

  /** Whether a group version's document names a resource. */
  boolean lists(InputStream document, String resource) throws IOException {
    for (var offered : mapper.readTree(document).path("resources")) {
      if (offered.path("name").asText().equals(resource)) {
        return true;
      }
    }
    return false;
  }

  /** The events of a watch, as they arrive. */
  MappingIterator<JsonNode> events(InputStream body) throws IOException {
    return mapper.readerFor(JsonNode.class).readValues(body);
  }

  /** Parses an object that carries its type. */
  Item item(JsonNode object, Kind kind) {
    var metadata = object.path("metadata");
    var namespace = kind.namespaced() ? metadata.path("namespace").asText() : "";
    var key = new ObjectKey(kind, namespace, metadata.path("name").asText());
    return new Item(key, metadata.path("resourceVersion").asText(), parser.parse(object));
  }
}
