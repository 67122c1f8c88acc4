package dev.weir.controller.parse;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** The tokens of JSON text, or of an object that Jackson wrote into a buffer. */
final class JsonTokens implements TokenSource {
  private final JsonParser json;

  JsonTokens(JsonParser json) {
    this.json = json;
  }

  @Override
  public Token next() throws BadText {
    try {
      return token(json.nextToken());
    } catch (JsonProcessingException bad) {
      var at = bad.getLocation() == null ? JsonLocation.NA : bad.getLocation();
      throw new BadText(bad.getOriginalMessage(), at.getLineNr(), at.getColumnNr());
    } catch (IOException bad) {
      throw new BadText(String.valueOf(bad.getMessage()), 0, 0);
    }
  }

  private Token token(JsonToken token) throws IOException {
    var at = json.currentTokenLocation();
    int line = Math.max(at.getLineNr(), 0);
    int column = Math.max(at.getColumnNr(), 0);
    return switch (token) {
      case null -> new Token.EndOfText(line, column);
      case START_OBJECT -> new Token.Start(true, "", line, column);
      case START_ARRAY -> new Token.Start(false, "", line, column);
      case END_OBJECT, END_ARRAY -> new Token.End(line, column);
      case FIELD_NAME -> value(Tree.Scalar.Type.TEXT, json.currentName(), line, column);
      case VALUE_STRING -> value(Tree.Scalar.Type.TEXT, json.getText(), line, column);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          value(Tree.Scalar.Type.NUMBER, json.getText(), line, column);
      case VALUE_TRUE, VALUE_FALSE -> value(Tree.Scalar.Type.BOOL, json.getText(), line, column);
      case VALUE_NULL -> value(Tree.Scalar.Type.NULL, "", line, column);
      case VALUE_EMBEDDED_OBJECT ->
          value(Tree.Scalar.Type.TEXT, String.valueOf(json.getEmbeddedObject()), line, column);
      case NOT_AVAILABLE -> throw new IOException("the text ends in the middle of a value");
    };
  }

  private static Token value(Tree.Scalar.Type type, String text, int line, int column) {
    return new Token.Value(new Tree.Scalar(type, text, line, column), "");
  }
}
