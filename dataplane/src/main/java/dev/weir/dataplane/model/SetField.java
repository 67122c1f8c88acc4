package dev.weir.dataplane.model;

import dev.weir.dataplane.http.OwnFields;
import dev.weir.dataplane.http.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A field that takes the place of all others of its name.
 *
 * @param name lower-case
 * @param value where it comes to nothing the field goes away; its fixed texts have a character for
 *     each byte
 */
public record SetField(String name, Template value) {
  /**
   * One of requests to upstreams, with variables.
   *
   * @throws IllegalArgumentException if it can't be sent; the message continues the field's name
   */
  public static SetField ofRequest(String name, String value) {
    check(name, value);
    if (OwnFields.inRequests(name)) {
      throw new IllegalArgumentException("is a field that the proxy alone decides on");
    }
    return withVariables(name, value);
  }

  /**
   * One of replies, with variables.
   *
   * @throws IllegalArgumentException as above
   */
  public static SetField ofReply(String name, String value) {
    checkReply(name, value);
    return withVariables(name, value);
  }

  /**
   * One of replies whose value is sent as it is written.
   *
   * @throws IllegalArgumentException as above
   */
  public static SetField verbatim(String name, String value) {
    checkReply(name, value);
    return new SetField(name.toLowerCase(Locale.ROOT), Template.literal(bytes(value)));
  }

  /**
   * Whether replies may go without a field of that name.
   *
   * @throws IllegalArgumentException if they may not; the message continues the name
   */
  public static void checkReplyName(String name) {
    checkReply(name, "");
  }

  private static void checkReply(String name, String value) {
    check(name, value);
    if (OwnFields.inReplies(name)) {
      throw new IllegalArgumentException("is a field that the proxy alone decides on");
    }
  }

  private static void check(String name, String value) {
    if (!Tokens.isToken(name)) {
      throw new IllegalArgumentException("is no name of a header field");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new IllegalArgumentException(
            "has a line break or another control character in its value");
      }
    }
  }

  private static SetField withVariables(String name, String value) {
    try {
      var template = TemplateParser.parse(value, SetField::bytes);
      return new SetField(name.toLowerCase(Locale.ROOT), template);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has no valid value: " + e.getMessage(), e);
    }
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** For {@code /debug/routes}. */
  String text() {
    return name + "=\"" + value.text() + '"';
  }
}
