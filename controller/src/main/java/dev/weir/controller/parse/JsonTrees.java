package dev.weir.controller.parse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON tokens to trees. */
final class JsonTrees {
  private JsonTrees() {}

  /** The next value; empty at the end. */
  static Optional<Tree> next(JsonParser json) throws IOException {
    var token = json.nextToken();
    return token == null ? Optional.empty() : Optional.of(value(json, token));
  }

  /** The value that starts with the current token. Jackson itself bounds the depth (500). */
  static Tree value(JsonParser json, @Nullable JsonToken token) throws IOException {
    var at = json.currentTokenLocation();
    int line = Math.max(at.getLineNr(), 0);
    int column = Math.max(at.getColumnNr(), 0);
    return switch (token) {
      case START_OBJECT -> {
        var entries = new LinkedHashMap<String, Tree>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          var name = json.currentName();
          entries.put(name, value(json, json.nextToken()));
        }
        yield new Tree.Mapping(entries, line, column);
      }
      case START_ARRAY -> {
        var items = new ArrayList<Tree>();
        for (var next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
          items.add(value(json, next));
        }
        yield new Tree.Sequence(items, line, column);
      }
      case VALUE_STRING -> new Tree.Scalar(Tree.Scalar.Type.TEXT, json.getText(), line, column);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Tree.Scalar(Tree.Scalar.Type.NUMBER, json.getText(), line, column);
      case VALUE_TRUE, VALUE_FALSE ->
          new Tree.Scalar(Tree.Scalar.Type.BOOL, json.getText(), line, column);
      case VALUE_NULL -> new Tree.Scalar(Tree.Scalar.Type.NULL, "", line, column);
      case VALUE_EMBEDDED_OBJECT ->
          new Tree.Scalar(Tree.Scalar.Type.TEXT, String.valueOf(json.getEmbeddedObject()), line, column);
      case null, default -> throw new IOException("The JSON text ends in the middle of a value");
    };
  }
}
