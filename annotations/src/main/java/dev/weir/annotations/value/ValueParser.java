package dev.weir.annotations.value;

/**
 * Reads the text of a setting.
 *
 * @param <T> what it comes to
 */
@FunctionalInterface
public interface ValueParser<T> {
  /**
   * The value that {@code text} stands for.
   *
   * @param text not blank, without surrounding blanks
   * @throws InvalidValueException if the text has another form
   */
  T parse(String text) throws InvalidValueException;

  /** Takes every text. */
  ValueParser<String> TEXT = text -> text;
}
