package dev.weir.annotations.value;

import dev.weir.dataplane.model.OriginUrl;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.TemplateParser;

/** Texts with variables. */
public final class Templates {
  private static final String URL = "an http:// or https:// URL, maybe with variables";
  private static final String UNSAFE = "\"'<>\\^`|";

  private Templates() {}

  /** Any text with variables of the known set. */
  public static Template parse(String text) throws InvalidValueException {
    try {
      return TemplateParser.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("text with known variables, but " + e.getMessage());
    }
  }

  /** A URL, maybe with variables, that a request can be sent to. */
  public static Template url(String text) throws InvalidValueException {
    var template = parse(text);
    checkCharacters(text);
    var sample = new StringBuilder();
    for (var part : template.parts()) {
      if (part instanceof Template.Literal(var literal)) {
        sample.append(literal);
      } else {
        sample.append(sample(part));
      }
    }
    try {
      var _ = OriginUrl.of(sample.toString(), null);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(URL + ", but there is " + e.getMessage());
    }
    return template;
  }

  private static String sample(Template.Part part) {
    if (part == Template.Variable.SCHEME) {
      return "http";
    }
    boolean path = part == Template.Variable.URI || part == Template.Variable.REQUEST_URI;
    // 1 stands for a host as well as for a port.
    return path ? "/" : "1";
  }

  /** A URL or a path, maybe with variables, that a client can be sent to. */
  public static Template location(String text) throws InvalidValueException {
    checkCharacters(text);
    return parse(text);
  }

  private static void checkCharacters(String text) throws InvalidValueException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || UNSAFE.indexOf(c) >= 0) {
        throw new InvalidValueException(URL + ", without blanks, quotes and the like");
      }
    }
  }
}
