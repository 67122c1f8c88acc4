package dev.weir.dataplane.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What filters change of a head: set, add, remove, target. Collected while a request passes its
 * filters, applied once by the serializer and replayed unchanged on a retry; the head itself stays
 * as received.
 *
 * <p>Owned by the exchange's event loop.
 */
public final class HeadEdits {
  private final List<Edit> edits = new ArrayList<>(16);
  private @Nullable String target;

  /**
   * One change of a field.
   *
   * @param name lower-case
   * @param value null for a removal
   * @param replace whether received lines of that name go away
   */
  public record Edit(String name, @Nullable String value, boolean replace) {}

  /** Replaces all lines of that name by one. */
  public HeadEdits set(String name, String value) {
    edits.add(new Edit(lower(name), value, true));
    return this;
  }

  /** Adds a line, keeping those of the same name. */
  public HeadEdits add(String name, String value) {
    edits.add(new Edit(lower(name), value, false));
    return this;
  }

  /** Removes all lines of that name. */
  public HeadEdits remove(String name) {
    edits.add(new Edit(lower(name), null, true));
    return this;
  }

  /** Replaces the target (path and query) that is sent upstream. */
  public HeadEdits target(String newTarget) {
    target = newTarget;
    return this;
  }

  /** The new target, or null if it stays. */
  public @Nullable String target() {
    return target;
  }

  /** All changes in the order they were made; later ones win. */
  public List<Edit> edits() {
    return edits;
  }

  /** Whether lines of that name (lower-case) as received go away. */
  public boolean replaces(String lowerName) {
    for (int i = 0; i < edits.size(); i++) {
      var edit = edits.get(i);
      if (edit.replace && edit.name.equals(lowerName)) {
        return true;
      }
    }
    return false;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
