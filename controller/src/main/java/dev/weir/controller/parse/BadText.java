package dev.weir.controller.parse;

/** Text that is not JSON or YAML, from a place on. */
final class BadText extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  BadText(String message, int line, int column) {
    super(message, null, false, false);
    this.line = line;
    this.column = column;
  }

  /** Counted from 1. */
  int line() {
    return line;
  }

  /** Counted from 1. */
  int column() {
    return column;
  }

  /** Never null, unlike what it overrides. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
