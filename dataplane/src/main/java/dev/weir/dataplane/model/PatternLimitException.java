package dev.weir.dataplane.model;

/**
 * A text that a {@link SafePattern} gives up on, because its engine can't promise linear time and
 * the text is too long or takes too many steps. Neither a match nor none: whoever asked must refuse
 * what it asked for.
 */
public final class PatternLimitException extends RuntimeException {
  PatternLimitException(String what) {
    // No stack trace: clients can provoke this as often as they like.
    super(what, null, false, false);
  }
}
