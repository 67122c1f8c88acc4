package dev.weir.dataplane.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads formats of the access log as nginx writes them: {@code $name} or <code>${name}</code>;
 * everything else is text. Pure.
 */
public final class LogFormatParser {
  private static final Map<String, LogFormat.Value> VALUES = values();

  private LogFormatParser() {}

  private static Map<String, LogFormat.Value> values() {
    var values = new TreeMap<String, LogFormat.Value>();
    for (var value : LogFormat.Value.values()) {
      values.put(value.text().substring(1), value);
    }
    return Map.copyOf(values);
  }

  /** Reads a format; variables that aren't known here become {@link LogFormat.Unknown}. */
  public static LogFormat parse(String text, LogFormat.Escape escape) {
    var parts = new ArrayList<LogFormat.Part>();
    int begin = 0;
    int at = text.indexOf('$');
    while (at >= 0) {
      boolean braced = at + 1 < text.length() && text.charAt(at + 1) == '{';
      int name = at + (braced ? 2 : 1);
      int end = name;
      while (end < text.length() && isNameCharacter(text.charAt(end))) {
        end++;
      }
      boolean whole = end > name && (!braced || (end < text.length() && text.charAt(end) == '}'));
      if (whole) {
        addLiteral(parts, text.substring(begin, at));
        parts.add(variable(text.substring(name, end)));
        begin = braced ? end + 1 : end;
      }
      at = text.indexOf('$', whole ? begin : at + 1);
    }
    addLiteral(parts, text.substring(begin));
    return LogFormat.of(parts, escape);
  }

  private static void addLiteral(List<LogFormat.Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new LogFormat.Literal(text));
    }
  }

  private static LogFormat.Part variable(String name) {
    var value = VALUES.get(name);
    if (value != null) {
      return value;
    }
    if (name.startsWith("sent_http_") && name.length() > 10) {
      return new LogFormat.OfReply(field(name.substring(10)), true);
    }
    if (name.startsWith("upstream_http_") && name.length() > 14) {
      return new LogFormat.OfReply(field(name.substring(14)), false);
    }
    try {
      return new LogFormat.OfRequest(TemplateParser.parse("${" + name + "}").parts().getFirst());
    } catch (IllegalArgumentException e) {
      return new LogFormat.Unknown("$" + name);
    }
  }

  private static String field(String name) {
    return name.replace('_', '-').toLowerCase(Locale.ROOT);
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
