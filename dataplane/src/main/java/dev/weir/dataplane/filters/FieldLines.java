package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Changes received lines of one name. Pure. */
final class FieldLines {
  private FieldLines() {}

  /** Changes one line. */
  interface Change {
    /** What takes the line's place; null where it stays. */
    @Nullable String of(String line);
  }

  /** Puts changed lines in the place of all; without a change there is no edit. */
  static void change(Fields fields, String name, HeadEdits edits, Change change) {
    if (!fields.contains(name)) {
      return;
    }
    var lines = new ArrayList<>(fields.all(name));
    boolean changed = false;
    for (int i = 0; i < lines.size(); i++) {
      var now = change.of(lines.get(i));
      if (now != null) {
        lines.set(i, now);
        changed = true;
      }
    }
    if (changed) {
      edits.set(name, lines.getFirst());
      for (int i = 1; i < lines.size(); i++) {
        edits.add(name, lines.get(i));
      }
    }
  }
}
