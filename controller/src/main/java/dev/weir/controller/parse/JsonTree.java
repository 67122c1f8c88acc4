package dev.weir.controller.parse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * JSON as an API server writes it straight into a {@link Tree} without places, and without what is
 * never read and often larger than the rest. A large cluster is read this way at the start.
 */
final class JsonTree {
  /** What goes deeper is left out; no kind of ours does. */
  private static final int DEEPEST = 200;

  private static final Set<String> UNREAD =
      Set.of("managedFields", "kubectl.kubernetes.io/last-applied-configuration");

  private JsonTree() {}

  /** The value that {@code json} stands at; afterwards it stands at the value's last token. */
  static Tree read(JsonParser json) throws IOException {
    return read(json, 0);
  }

  private static Tree read(JsonParser json, int depth) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> depth < DEEPEST ? mapping(json, depth + 1) : skipped(json);
      case START_ARRAY -> depth < DEEPEST ? sequence(json, depth + 1) : skipped(json);
      case VALUE_STRING -> scalar(Tree.Scalar.Type.TEXT, json.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(Tree.Scalar.Type.NUMBER, json.getText());
      case VALUE_TRUE, VALUE_FALSE -> scalar(Tree.Scalar.Type.BOOL, json.getText());
      case VALUE_NULL -> Tree.ABSENT;
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IOException("no value begins with " + json.currentToken());
    };
  }

  private static Tree scalar(Tree.Scalar.Type type, String text) {
    return new Tree.Scalar(type, text, 0, 0);
  }

  private static Tree skipped(JsonParser json) throws IOException {
    json.skipChildren();
    return Tree.ABSENT;
  }

  private static Tree mapping(JsonParser json, int depth) throws IOException {
    var entries = new LinkedHashMap<String, Tree>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      json.nextToken();
      if (UNREAD.contains(name)) {
        json.skipChildren();
      } else {
        entries.put(name, read(json, depth));
      }
    }
    return new Tree.Mapping(entries, 0, 0);
  }

  private static Tree sequence(JsonParser json, int depth) throws IOException {
    var items = new ArrayList<Tree>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(read(json, depth));
    }
    return new Tree.Sequence(items, 0, 0);
  }
}
