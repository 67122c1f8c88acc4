package dev.weir.controller.loop;

import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.RecordingView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who asked what (units {@code U}): the only reverse index from cluster changes to what must be
 * compiled again. It is made of what compiles recorded, so it can't drift from what they read.
 *
 * <p>Every host asks for dozens of ConfigMap keys, and nearly all for the same ones. So the keys
 * are kept as sets that units share, which makes one entry a unit instead of dozens: with 10,000
 * hosts tens of megabytes less.
 */
final class DependencyIndex<U> {
  private final Map<U, Asked> asked = new HashMap<>();
  private final Map<Dependency, Set<U>> askers = new HashMap<>();
  private final Map<Set<String>, Shared<U>> settingsAskers = new HashMap<>();

  /** A unit's questions, those for ConfigMap keys apart. */
  private record Asked(Set<Dependency> objects, Set<String> settings) {}

  /** Keys, in the one set that stands for all equal ones, and the units that asked for them. */
  private record Shared<U>(Set<String> keys, Set<U> units) {}

  /** Replaces what is known of a unit by what its newest compile asked for. */
  void record(U unit, RecordingView view) {
    var objects = view.objects();
    var settings = view.settings();
    var before = asked.get(unit);
    if (before != null && before.objects.equals(objects) && before.settings.equals(settings)) {
      return;
    }
    remove(unit);
    for (var dependency : objects) {
      askers.computeIfAbsent(dependency, d -> new HashSet<>(4)).add(unit);
    }
    var shared = settingsAskers.get(settings);
    if (shared == null) {
      var keys = Set.copyOf(settings);
      shared = new Shared<>(keys, new HashSet<>());
      settingsAskers.put(keys, shared);
    }
    shared.units.add(unit);
    asked.put(unit, new Asked(objects, shared.keys));
  }

  /** A unit is no more. */
  void remove(U unit) {
    var before = asked.remove(unit);
    if (before != null) {
      before.objects.forEach(dependency -> forget(dependency, unit));
      settingsAskers.computeIfPresent(
          before.settings,
          (keys, shared) -> {
            shared.units.remove(unit);
            return shared.units.isEmpty() ? null : shared;
          });
    }
  }

  private void forget(Dependency dependency, U unit) {
    askers.computeIfPresent(
        dependency,
        (d, units) -> {
          units.remove(unit);
          return units.isEmpty() ? null : units;
        });
  }

  /** The units whose compiles asked for any of these. */
  Set<U> askersOf(Set<Dependency> changes) {
    var units = new LinkedHashSet<U>();
    for (var change : changes) {
      if (change instanceof Dependency.OnSetting(var key)) {
        for (var shared : settingsAskers.values()) {
          if (shared.keys.contains(key)) {
            units.addAll(shared.units);
          }
        }
      } else {
        units.addAll(askers.getOrDefault(change, Set.of()));
      }
    }
    return units;
  }
}
