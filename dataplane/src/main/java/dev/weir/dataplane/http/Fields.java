package dev.weir.dataplane.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a head, read-only, in the order received. Names compare without regard to case. */
public interface Fields {
  /** Receives a field; {@code name} and {@code value} are valid during the call only. */
  interface Visitor {
    void field(CharSequence name, CharSequence value);
  }

  /** The first value of that name. */
  @Nullable String first(String name);

  /** All values of that name, in order; empty if there is none. */
  List<String> all(String name);

  /**
   * The value of one line of that name, without a String being made where that can be avoided;
   * valid until the next call.
   *
   * @param index among the lines of that name, from 0 on
   * @return null if there are not so many
   */
  default @Nullable CharSequence valueText(String name, int index) {
    var values = all(name);
    return index < values.size() ? values.get(index) : null;
  }

  /** Whether there is a field of that name. */
  boolean contains(String name);

  /** Whether there is a field of that name, without looking for it where that can be avoided. */
  default boolean contains(FieldName name) {
    return contains(name.text());
  }

  /** Visits every field line in order. */
  void forEach(Visitor visitor);

  /** Number of field lines. */
  int size();
}
