package dev.weir.controller.parse;

/**
 * Ends the parsing of a field that can't be understood; it has been reported already. Caught where
 * the loss is bounded: {@link Field#each} and {@link Field#attempt}.
 */
final class BadField extends Exception {
  private static final long serialVersionUID = 1L;

  BadField() {
    super(null, null, false, false);
  }
}
