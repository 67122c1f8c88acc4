package dev.weir.annotations.value;

import java.util.List;
import java.util.Locale;

/** One of a few words. */
public final class Choice {
  private Choice() {}

  /** A constant's name in any case. */
  public static <E extends Enum<E>> ValueParser<E> anyCase(Class<E> type) {
    return of(type, true);
  }

  /** A constant's name in lower case, exactly. */
  public static <E extends Enum<E>> ValueParser<E> lowerCase(Class<E> type) {
    return of(type, false);
  }

  private static <E extends Enum<E>> ValueParser<E> of(Class<E> type, boolean anyCase) {
    var constants = List.of(type.getEnumConstants());
    var expected =
        "one of "
            + String.join(
                ", ", constants.stream().map(constant -> spelling(constant, anyCase)).toList());
    return text -> {
      for (var constant : constants) {
        var spelling = spelling(constant, anyCase);
        if (anyCase ? spelling.equalsIgnoreCase(text) : spelling.equals(text)) {
          return constant;
        }
      }
      throw new InvalidValueException(expected);
    };
  }

  private static String spelling(Enum<?> constant, boolean anyCase) {
    return anyCase ? constant.name() : constant.name().toLowerCase(Locale.ROOT);
  }
}
