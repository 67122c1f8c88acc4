package dev.weir.annotations.value;

/** A value has another form than expected. */
public final class InvalidValueException extends Exception {
  private final String expected;

  /**
   * A complaint.
   *
   * @param expected the form that was expected, for people: {@code true or false}
   */
  public InvalidValueException(String expected) {
    super("expected: " + expected);
    this.expected = expected;
  }

  /** The form that was expected. */
  public String expected() {
    return expected;
  }
}
