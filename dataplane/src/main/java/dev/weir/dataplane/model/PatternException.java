package dev.weir.dataplane.model;

/** A user's regular expression that can't be used. */
public final class PatternException extends Exception {
  /**
   * A complaint.
   *
   * @param fault what is wrong, for people, without the expression
   */
  public PatternException(String fault) {
    super(fault);
  }

  /** What is wrong. */
  public String fault() {
    return String.valueOf(getMessage());
  }
}
