package dev.weir.controller.loop;

import dev.weir.controller.resource.Dependency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who asked what: the only reverse index from cluster changes to what must be compiled again. It is
 * made of what compiles recorded, so it can't drift from what they read.
 */
final class DependencyIndex {
  private final Map<Unit, Set<Dependency>> asked = new HashMap<>();
  private final Map<Dependency, Set<Unit>> askers = new HashMap<>();

  /** Replaces what is known of a unit by its newest compile. */
  void record(Unit unit, Set<Dependency> dependencies) {
    var before = asked.put(unit, dependencies);
    if (before != null) {
      if (before.equals(dependencies)) {
        return;
      }
      before.forEach(dependency -> forget(dependency, unit));
    }
    for (var dependency : dependencies) {
      askers.computeIfAbsent(dependency, d -> new HashSet<>(4)).add(unit);
    }
  }

  /** A unit is no more. */
  void remove(Unit unit) {
    var before = asked.remove(unit);
    if (before != null) {
      before.forEach(dependency -> forget(dependency, unit));
    }
  }

  private void forget(Dependency dependency, Unit unit) {
    askers.computeIfPresent(
        dependency,
        (d, units) -> {
          units.remove(unit);
          return units.isEmpty() ? null : units;
        });
  }

  /** The units whose compiles asked for any of these. */
  Set<Unit> askersOf(Set<Dependency> changes) {
    var units = new LinkedHashSet<Unit>();
    for (var change : changes) {
      units.addAll(askers.getOrDefault(change, Set.of()));
    }
    return units;
  }
}
