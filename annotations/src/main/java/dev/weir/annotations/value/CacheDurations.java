package dev.weir.annotations.value;

import dev.weir.dataplane.model.ExternalAuth.Lifetime;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lifetimes of cached answers as nginx's {@code proxy_cache_valid} has them: {@code 200 401 5m}.
 */
public final class CacheDurations {
  private static final String EXPECTED =
      "comma-separated lifetimes, each maybe statuses and then a time, such as 200 202 401 5m";
  private static final Set<Integer> WITHOUT_STATUS = Set.of(200, 301, 302);
  private static final BigInteger LONGEST = BigInteger.valueOf(Duration.ofDays(365).toMillis());

  private CacheDurations() {}

  /** Reads a list; the first lifetime that names a status counts for it. */
  public static List<Lifetime> parse(String text) throws InvalidValueException {
    var lifetimes = new ArrayList<Lifetime>();
    for (var entry : CommaList.parse(text)) {
      var words = entry.split("\\s+", -1);
      var statuses = new TreeSet<Integer>();
      for (int i = 0; i < words.length - 1; i++) {
        if (!words[i].matches("[1-5][0-9]{2}")) {
          throw new InvalidValueException(EXPECTED);
        }
        statuses.add(Integer.valueOf(words[i]));
      }
      lifetimes.add(
          new Lifetime(
              statuses.isEmpty() ? WITHOUT_STATUS : statuses, time(words[words.length - 1])));
    }
    if (lifetimes.isEmpty()) {
      throw new InvalidValueException(EXPECTED);
    }
    return List.copyOf(lifetimes);
  }

  private static Duration time(String text) throws InvalidValueException {
    int unit = text.length();
    while (unit > 0 && !Character.isDigit(text.charAt(unit - 1))) {
      unit--;
    }
    if (unit == 0 || !text.substring(0, unit).chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new InvalidValueException(EXPECTED);
    }
    var millis = new BigInteger(text.substring(0, unit)).multiply(millis(text.substring(unit)));
    return Duration.ofMillis(millis.min(LONGEST).longValueExact());
  }

  private static BigInteger millis(String unit) throws InvalidValueException {
    long seconds =
        switch (unit) {
          case "ms" -> 0;
          case "s" -> 1;
          case "m" -> 60;
          case "h" -> 3600;
          case "d" -> 86_400;
          case "w" -> 7 * 86_400;
          case "M" -> 30 * 86_400;
          case "y" -> 365 * 86_400;
          default -> throw new InvalidValueException(EXPECTED);
        };
    return BigInteger.valueOf(seconds == 0 ? 1 : seconds * 1000);
  }
}
