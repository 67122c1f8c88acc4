package dev.weir.annotations.value;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whole numbers: plain decimal digits with an optional sign. */
public final class Integers {
  private Integers() {}

  /** Any number. */
  public static Integer any(String text) throws InvalidValueException {
    return parse(text, "a whole number");
  }

  /** Numbers from {@code least} on. */
  public static ValueParser<Integer> from(int least) {
    return text -> {
      var expected = "a whole number, " + least + " or more";
      int number = parse(text, expected);
      if (number < least) {
        throw new InvalidValueException(expected);
      }
      return number;
    };
  }

  /** Numbers from {@code least} to {@code most}. */
  public static ValueParser<Integer> between(int least, int most) {
    return text -> {
      var expected = "a whole number from " + least + " to " + most;
      int number = parse(text, expected);
      if (number < least || number > most) {
        throw new InvalidValueException(expected);
      }
      return number;
    };
  }

  /** One of {@code values}. */
  public static ValueParser<Integer> oneOf(Integer... values) {
    SortedSet<Integer> allowed = new TreeSet<>(java.util.List.of(values));
    var expected =
        allowed.stream().map(String::valueOf).collect(Collectors.joining(", ", "one of ", ""));
    return text -> {
      int number = parse(text, expected);
      if (!allowed.contains(number)) {
        throw new InvalidValueException(expected);
      }
      return number;
    };
  }

  private static int parse(String text, String expected) throws InvalidValueException {
    if (!text.matches("[+-]?[0-9]+")) {
      throw new InvalidValueException(expected);
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new InvalidValueException(expected);
    }
  }
}
