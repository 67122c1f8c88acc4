package dev.weir.annotations.value;

import java.util.regex.Pattern;

/**
 * A number of bytes as nginx writes it: digits, then k, m, g or nothing, in either case.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([kKmMgG]?)");
  private static final String EXPECTED = "a size such as 8m: digits, then k, m, g or nothing";

  /** Reads {@code 8m}. */
  public static ByteSize parse(String text) throws InvalidValueException {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new InvalidValueException(EXPECTED);
    }
    long unit =
        switch (form.group(2)) {
          case "k", "K" -> 1L << 10;
          case "m", "M" -> 1L << 20;
          case "g", "G" -> 1L << 30;
          default -> 1L;
        };
    try {
      return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), unit));
    } catch (ArithmeticException e) {
      throw new InvalidValueException(EXPECTED);
    }
  }
}
