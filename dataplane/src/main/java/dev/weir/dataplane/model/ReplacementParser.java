package dev.weir.dataplane.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads replacements as nginx writes them: {@code $1} to {@code $9} are groups, {@code $name} is a
 * group of that name or else a variable. Pure.
 */
public final class ReplacementParser {
  private ReplacementParser() {}

  /**
   * Reads a replacement.
   *
   * @param groups of the expression, by name
   * @throws IllegalArgumentException if it names a variable that doesn't exist here; the message
   *     says which
   */
  public static Replacement parse(String text, Map<String, Integer> groups) {
    var parts = new ArrayList<Replacement.Part>();
    int begin = 0;
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
      int end = at + 1;
      Integer group = null;
      if (end < text.length() && text.charAt(end) >= '1' && text.charAt(end) <= '9') {
        group = text.charAt(end) - '0';
        end++;
      } else {
        while (end < text.length() && isName(text.charAt(end))) {
          end++;
        }
        group = groups.get(text.substring(at + 1, end));
      }
      if (group != null) {
        addText(parts, text.substring(begin, at));
        parts.add(new Replacement.Group(group));
        begin = end;
      }
    }
    addText(parts, text.substring(begin));
    return new Replacement(parts);
  }

  private static void addText(List<Replacement.Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Replacement.Text(TemplateParser.parse(text)));
    }
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
