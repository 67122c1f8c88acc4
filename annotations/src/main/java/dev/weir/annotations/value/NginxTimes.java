package dev.weir.annotations.value;

import java.time.Duration;
import java.util.regex.Pattern;

/** Times as nginx writes them: {@code 10m}, {@code 1h 30m}, {@code 600}, which is seconds. */
public final class NginxTimes {
  private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d|w)?");
  private static final Pattern WHOLE =
      Pattern.compile("[0-9]{1,9}|(?:[0-9]{1,9}(?:ms|s|m|h|d|w) *){1,6}");
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final String EXPECTED = "a time of a second to a year, such as 10m or 1h 30m";

  private NginxTimes() {}

  /** Reads a time of a second or more, a year at most. */
  public static Duration positive(String text) throws InvalidValueException {
    if (!WHOLE.matcher(text).matches()) {
      throw new InvalidValueException(EXPECTED);
    }
    var sum = Duration.ZERO;
    var parts = PART.matcher(text);
    while (parts.find()) {
      long number = Long.parseLong(parts.group(1));
      var unit = parts.group(2) == null ? "s" : parts.group(2);
      sum =
          sum.plus(
              switch (unit) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                case "w" -> Duration.ofDays(7 * number);
                default -> Duration.ofSeconds(number);
              });
    }
    if (sum.compareTo(Duration.ofSeconds(1)) < 0 || sum.compareTo(LONGEST) > 0) {
      throw new InvalidValueException(EXPECTED);
    }
    return sum;
  }
}
