package dev.weir.annotations.value;

import java.util.Set;

/** Truth values as Go's {@code strconv.ParseBool} reads them. */
public final class Booleans {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  private Booleans() {}

  /** Reads {@code true}, {@code false} and Go's short forms. */
  public static Boolean parse(String text) throws InvalidValueException {
    if (TRUE.contains(text)) {
      return true;
    }
    if (FALSE.contains(text)) {
      return false;
    }
    throw new InvalidValueException("true or false");
  }
}
