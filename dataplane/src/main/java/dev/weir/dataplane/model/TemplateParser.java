package dev.weir.dataplane.model;

import dev.weir.dataplane.model.Template.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Reads templates as nginx writes them: {@code $name} or <code>${name}</code>; everything else is
 * text. A name that isn't known is refused instead of sent on. Pure.
 */
public final class TemplateParser {
  /** Those that only our own redirects are made of. */
  private static final Set<Variable> OWN =
      EnumSet.of(Variable.QUERY, Variable.REDIRECT_PORT, Variable.REQUEST_URI_WITHOUT_SLASH);

  private static final Map<String, Variable> NAMES = names();

  private TemplateParser() {}

  private static Map<String, Variable> names() {
    var names = new TreeMap<String, Variable>();
    Arrays.stream(Variable.values())
        .filter(variable -> !OWN.contains(variable))
        .forEach(variable -> names.put(variable.text().substring(1), variable));
    names.put("query_string", Variable.ARGS);
    names.put("request_id", Variable.REQUEST_ID);
    names.put("pass_access_scheme", Variable.SCHEME);
    names.put("the_real_ip", Variable.REMOTE_ADDR);
    names.put("document_uri", Variable.URI);
    return Map.copyOf(names);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it names a variable that doesn't exist here; the message
   *     says which
   */
  public static Template parse(String text) {
    return parse(text, UnaryOperator.identity());
  }

  /**
   * Reads a template, changing its fixed texts.
   *
   * @throws IllegalArgumentException as above
   */
  public static Template parse(String text, UnaryOperator<String> literal) {
    var parts = new ArrayList<Template.Part>();
    int begin = 0;
    int at = text.indexOf('$');
    while (at >= 0) {
      boolean braced = at + 1 < text.length() && text.charAt(at + 1) == '{';
      int name = at + (braced ? 2 : 1);
      int end = name;
      while (end < text.length() && isNameCharacter(text.charAt(end))) {
        end++;
      }
      if (end == name || (braced && (end == text.length() || text.charAt(end) != '}'))) {
        throw new IllegalArgumentException("no variable's name after $ at position " + at);
      }
      addLiteral(parts, literal.apply(text.substring(begin, at)));
      parts.add(variable(text.substring(name, end)));
      begin = braced ? end + 1 : end;
      at = text.indexOf('$', begin);
    }
    addLiteral(parts, literal.apply(text.substring(begin)));
    return new Template(parts);
  }

  private static void addLiteral(List<Template.Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Template.Literal(text));
    }
  }

  private static Template.Part variable(String name) {
    var known = NAMES.get(name);
    if (known != null) {
      return known;
    }
    if (name.startsWith("http_") && name.length() > 5) {
      return new Template.RequestField(
          name.substring(5).replace('_', '-').toLowerCase(Locale.ROOT));
    }
    if (name.startsWith("arg_") && name.length() > 4) {
      return new Template.Argument(name.substring(4));
    }
    if (name.startsWith("cookie_") && name.length() > 7) {
      return new Template.Cookie(name.substring(7));
    }
    throw new IllegalArgumentException("unknown variable $" + name);
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
