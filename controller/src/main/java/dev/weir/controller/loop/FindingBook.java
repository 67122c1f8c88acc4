package dev.weir.controller.loop;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All findings as they stand, by whoever reported them. The same finding may have several reporters
 * (an Ingress with five hosts is read in five compiles); it appears with the first and is resolved
 * with the last.
 */
final class FindingBook {
  private static final Comparator<Finding> BY_SEVERITY_AND_OBJECT =
      Comparator.comparing(Finding::severity)
          .thenComparing(finding -> finding.object().toString())
          .thenComparing(Finding::field)
          .thenComparing(Finding::message);

  private final Map<Object, List<Finding>> byReporter = new HashMap<>();
  private final Map<Finding, Integer> reporters = new HashMap<>();
  private final Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
  // Findings touched since the last settle, with whether they were there then.
  private final Map<Finding, Boolean> before = new LinkedHashMap<>();

  /** What a reporter says now, in place of what it said before. */
  void report(Object reporter, List<Finding> findings) {
    var old = findings.isEmpty() ? byReporter.remove(reporter) : byReporter.put(reporter, findings);
    if (findings.equals(old)) {
      return;
    }
    for (var finding : findings) {
      before.putIfAbsent(finding, reporters.containsKey(finding));
      if (reporters.merge(finding, 1, Integer::sum) == 1) {
        counts.merge(finding.severity(), 1, Integer::sum);
      }
    }
    if (old != null) {
      for (var finding : old) {
        before.putIfAbsent(finding, true);
        if (reporters.computeIfPresent(finding, (f, count) -> count == 1 ? null : count - 1)
            == null) {
          counts.computeIfPresent(finding.severity(), (s, n) -> n == 1 ? null : n - 1);
        }
      }
    }
  }

  /** What came and went since the last call. */
  FindingChanges settle() {
    var appeared = new ArrayList<Finding>();
    var resolved = new ArrayList<Finding>();
    before.forEach(
        (finding, wasThere) -> {
          boolean isThere = reporters.containsKey(finding);
          if (isThere && !wasThere) {
            appeared.add(finding);
          } else if (wasThere && !isThere) {
            resolved.add(finding);
          }
        });
    before.clear();
    return new FindingChanges(appeared, resolved);
  }

  /** All findings, gravest first. */
  List<Finding> all() {
    return reporters.keySet().stream().sorted(BY_SEVERITY_AND_OBJECT).toList();
  }

  /** How many there are of each severity; asked with every change, so it is kept, not counted. */
  Map<Severity, Integer> counts() {
    return Map.copyOf(counts);
  }
}
