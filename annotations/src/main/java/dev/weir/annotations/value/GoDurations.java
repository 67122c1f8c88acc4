package dev.weir.annotations.value;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 5s}, {@code 1m30s}, {@code 1.5h}. */
public final class GoDurations {
  private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h)");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + "){1,4}");

  private GoDurations() {}

  /** Reads a duration of more than nothing. */
  public static Duration positive(String text) throws InvalidValueException {
    var expected = "a duration with unit, such as 5s or 1m30s";
    if (!WHOLE.matcher(text).matches()) {
      throw new InvalidValueException(expected);
    }
    var sum = Duration.ZERO;
    var parts = PART.matcher(text);
    while (parts.find()) {
      long unit =
          switch (parts.group(2)) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
          };
      var nanos = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit));
      sum = sum.plus(Duration.ofMillis(nanos.movePointLeft(6).longValue()));
    }
    if (sum.isZero()) {
      throw new InvalidValueException(expected);
    }
    return sum;
  }
}
