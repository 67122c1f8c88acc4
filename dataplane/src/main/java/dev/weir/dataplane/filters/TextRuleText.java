package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.EncodedPath;
import dev.weir.dataplane.model.Replacement;
import dev.weir.dataplane.model.SafePattern;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.TextRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows rules that replace texts. What variables bring in can't end the text that it gets into:
 * blanks, controls and semicolons of theirs are percent-encoded. Pure.
 */
final class TextRuleText {
  private TextRuleText() {}

  /** The text that takes the place of {@code text}; null where it stays. */
  static @Nullable String apply(TextRule rule, String text, FilterRequest request) {
    return switch (rule.from()) {
      case TextRule.Beginning(var prefix) -> {
        var beginning = request.evaluate(prefix);
        yield !beginning.isEmpty() && text.startsWith(beginning)
            ? evaluate(rule.to(), null, request)
                .append(text, beginning.length(), text.length())
                .toString()
            : null;
      }
      case TextRule.Domain(var name) ->
          isDomain(text, request.evaluate(name))
              ? evaluate(rule.to(), null, request).toString()
              : null;
      case TextRule.Expression(var pattern) -> {
        var match = pattern.find(text);
        yield match == null ? null : evaluate(rule.to(), match, request).toString();
      }
    };
  }

  private static boolean isDomain(String text, String domain) {
    int dot = text.startsWith(".") ? 1 : 0;
    return text.length() - dot == domain.length()
        && text.regionMatches(true, dot, domain, 0, domain.length());
  }

  private static StringBuilder evaluate(
      Replacement to, SafePattern.@Nullable Match match, FilterRequest request) {
    var text = new StringBuilder();
    var parts = to.parts();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Replacement.Group(int number) -> {
          var group = match == null ? null : match.group(number);
          text.append(group == null ? "" : group);
        }
        case Replacement.Text(var template) -> append(text, template, request);
      }
    }
    return text;
  }

  private static void append(StringBuilder text, Template template, FilterRequest request) {
    var parts = template.parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof Template.Literal(var literal)) {
        text.append(literal);
      } else {
        var value = request.evaluate(new Template(List.of(parts.get(i))));
        EncodedPath.appendPrintable(text, value.replace(";", "%3B"));
      }
    }
  }
}
