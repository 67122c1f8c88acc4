package dev.weir.controller.admission;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.translate.IngressReview.Remark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Puts remarks into words that fit: the API server cuts warnings of more than 256 characters, and
 * takes 4,096 of all webhooks together.
 */
final class AnswerText {
  static final int LONGEST_WARNING = 256;
  static final int MOST_WARNINGS = 12;
  static final int MOST_REASONS = 20;
  static final int LONGEST_REASON = 500;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
  private static final String CUT = "...";

  private AnswerText() {}

  /** Why an Ingress is refused: all reasons, one in a line. */
  static String refusal(ObjectKey ingress, List<Finding> faults) {
    var reasons = faults.stream().map(AnswerText::text).distinct().toList();
    var text = new StringBuilder(ingress.toString());
    if (reasons.size() == 1) {
      return text.append(" is refused: ")
          .append(cut(reasons.getFirst(), LONGEST_REASON))
          .toString();
    }
    text.append(" is refused for ").append(reasons.size()).append(" reasons:");
    reasons.stream()
        .limit(MOST_REASONS)
        .forEach(reason -> text.append("\n- ").append(cut(reason, LONGEST_REASON)));
    if (reasons.size() > MOST_REASONS) {
      text.append("\n- and ").append(reasons.size() - MOST_REASONS).append(" more");
    }
    return text.toString();
  }

  /** The warnings that fit, and how many more there are. */
  static List<String> warnings(List<String> texts) {
    var all = texts.stream().distinct().toList();
    var warnings = new ArrayList<String>();
    int most = all.size() > MOST_WARNINGS ? MOST_WARNINGS - 1 : MOST_WARNINGS;
    all.stream().limit(most).forEach(text -> warnings.add(cut(text, LONGEST_WARNING)));
    if (all.size() > most) {
      warnings.add("and " + (all.size() - most) + " more");
    }
    return warnings;
  }

  /**
   * {@code field: message (hint)}. Of a Secret nothing is said that comes from what it holds, nor
   * whether it is there: whoever may ask here may not read it.
   */
  static String text(Remark remark) {
    var about = remark.about();
    return about.isPresent() && about.get().kind() == Kind.SECRET
        ? clean(
            "%s: %s is missing or does not fit; its Events tell once the Ingress is there"
                .formatted(remark.finding().field(), about.get()))
        : text(remark.finding());
  }

  /** {@code field: message (hint)}. */
  static String text(Finding finding) {
    var text = new StringBuilder();
    if (!finding.field().isEmpty()) {
      text.append(finding.field()).append(": ");
    }
    text.append(finding.message());
    if (!finding.hint().isEmpty()) {
      text.append(" (").append(finding.hint()).append(')');
    }
    return clean(text.toString());
  }

  /** Users' text must not begin lines of its own. */
  private static String clean(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }

  /** The beginning of a text that takes at most so many bytes as UTF-8. */
  private static String cut(String text, int most) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= most) {
      return text;
    }
    int bytes = CUT.length();
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      bytes += Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > most) {
        break;
      }
      end += Character.charCount(point);
    }
    return text.substring(0, end) + CUT;
  }
}
