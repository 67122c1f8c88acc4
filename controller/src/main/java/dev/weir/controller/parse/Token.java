package dev.weir.controller.parse;

/**
 * A step through JSON or YAML text. In a mapping, keys and values follow each other.
 *
 * <p>{@code anchor} is the name under which YAML's {@code &} makes a value available again; empty
 * mostly.
 */
sealed interface Token {
  int line();

  int column();

  /** A mapping or a list begins. */
  record Start(boolean mapping, String anchor, int line, int column) implements Token {}

  /** The innermost mapping or list ends. */
  record End(int line, int column) implements Token {}

  /** A scalar. */
  record Value(Tree.Scalar scalar, String anchor) implements Token {
    @Override
    public int line() {
      return scalar.line();
    }

    @Override
    public int column() {
      return scalar.column();
    }
  }

  /** YAML's {@code *name}. */
  record Alias(String name, int line, int column) implements Token {}

  /** The text ends. */
  record EndOfText(int line, int column) implements Token {}
}
