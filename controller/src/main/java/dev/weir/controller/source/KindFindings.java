package dev.weir.controller.source;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The findings of one watch as they stand now. Owned by the watch's thread. */
final class KindFindings {
  private final Map<ObjectKey, List<Finding>> byObject = new HashMap<>();
  private Optional<Finding> ofKind = Optional.empty();
  private List<Finding> all = List.of();

  /** All of them; the same list as long as nothing changed. */
  List<Finding> all() {
    return all;
  }

  /** Replaces the findings of an object. */
  void put(ObjectKey key, List<Finding> findings) {
    var before = findings.isEmpty() ? byObject.remove(key) : byObject.put(key, findings);
    if (!findings.equals(before == null ? List.of() : before)) {
      collect();
    }
  }

  /** Replaces the findings of all objects. */
  void replaceAll(Map<ObjectKey, List<Finding>> findings) {
    byObject.clear();
    byObject.putAll(findings);
    collect();
  }

  /** Replaces the finding that is about the kind; answers whether it changed. */
  boolean ofKind(Optional<Finding> finding) {
    if (ofKind.equals(finding)) {
      return false;
    }
    ofKind = finding;
    collect();
    return true;
  }

  private void collect() {
    var findings = ofKind.map(List::of).orElse(List.of());
    var objects = byObject.values().stream().flatMap(List::stream);
    // Without this copy each batch would make one of its own, for every event.
    all = List.copyOf(Stream.concat(findings.stream(), objects).toList());
  }
}
