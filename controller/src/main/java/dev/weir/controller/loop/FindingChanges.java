package dev.weir.controller.loop;

import dev.weir.controller.resource.Finding;
import java.util.List;

/** Findings that came and went with one change. */
public record FindingChanges(List<Finding> appeared, List<Finding> resolved) {
  public FindingChanges {
    appeared = List.copyOf(appeared);
    resolved = List.copyOf(resolved);
  }

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return appeared.isEmpty() && resolved.isEmpty();
  }
}
