package dev.weir.annotations.value;

import java.time.Duration;

/** Durations as a whole number of seconds without unit. */
public final class Seconds {
  private Seconds() {}

  /** {@code least} seconds or more. */
  public static ValueParser<Duration> from(int least) {
    var number = Integers.from(least);
    return text -> {
      try {
        return Duration.ofSeconds(number.parse(text));
      } catch (InvalidValueException e) {
        throw new InvalidValueException(
            "a whole number of seconds, " + least + " or more, without unit");
      }
    };
  }
}
