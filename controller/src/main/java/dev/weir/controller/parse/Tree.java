package dev.weir.controller.parse;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * JSON or YAML as read, with the place where each value starts. Lines and columns count from 1; 0
 * where there is no text (an object that came over the API).
 */
sealed interface Tree {
  /** Stands for a field that isn't there; Kubernetes makes no difference between that and null. */
  Tree ABSENT = new Scalar(Scalar.Type.NULL, "", 0, 0);

  int line();

  int column();

  /** A mapping in the order of the text. */
  record Mapping(Map<String, Tree> entries, int line, int column) implements Tree {
    public Mapping {
      entries = Collections.unmodifiableMap(entries);
    }
  }

  /** A list. */
  record Sequence(List<Tree> items, int line, int column) implements Tree {
    public Sequence {
      items = Collections.unmodifiableList(items);
    }
  }

  /**
   * Anything else.
   *
   * @param text as written, without quotes; empty for null
   */
  record Scalar(Type type, String text, int line, int column) implements Tree {
    enum Type {
      TEXT,
      NUMBER,
      BOOL,
      NULL
    }
  }
}
