package dev.weir.controller.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Go writes them, which is how ingress-nginx's flags take them: {@code 1m30s}. */
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)");
  private static final Pattern WHOLE = Pattern.compile("0|(?:" + PART.pattern() + "){1,7}");

  private GoDuration() {}

  /** Whether {@code text} is a duration that isn't negative. */
  static boolean accepts(String text) {
    return WHOLE.matcher(text).matches();
  }

  /** The duration of a text that {@link #accepts accepted} is. */
  static Duration parse(String text) {
    var sum = Duration.ZERO;
    var part = PART.matcher(text);
    while (part.find()) {
      var nanos =
          new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosOf(part.group(2))));
      sum = sum.plusNanos(nanos.longValue());
    }
    return sum;
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "h" -> 3_600_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "s" -> 1_000_000_000L;
      case "ms" -> 1_000_000L;
      case "ns" -> 1L;
      default -> 1_000L;
    };
  }
}
