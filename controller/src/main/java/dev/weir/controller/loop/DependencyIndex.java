package dev.weir.controller.loop;

import dev.weir.controller.resource.Dependency;
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
  private final Map<Set<Dependency>, Shared<U>> settingsAskers = new HashMap<>();

  /** A unit's questions, those for ConfigMap keys apart. */
  private record Asked(Set<Dependency> objects, Set<Dependency> settings) {
    static Asked of(Set<Dependency> dependencies) {
      var objects = new HashSet<Dependency>();
      var settings = new HashSet<Dependency>();
      for (var dependency : dependencies) {
        (dependency instanceof Dependency.OnSetting ? settings : objects).add(dependency);
      }
      return new Asked(Set.copyOf(objects), Set.copyOf(settings));
    }
  }

  /** Keys, in the one set that stands for all equal ones, and the units that asked for them. */
  private record Shared<U>(Set<Dependency> keys, Set<U> units) {
    Shared(Set<Dependency> keys) {
      this(keys, new HashSet<>());
    }
  }

  /** Replaces what is known of a unit by its newest compile. */
  void record(U unit, Set<Dependency> dependencies) {
    var now = Asked.of(dependencies);
    if (now.equals(asked.get(unit))) {
      return;
    }
    remove(unit);
    for (var dependency : now.objects) {
      askers.computeIfAbsent(dependency, d -> new HashSet<>(4)).add(unit);
    }
    var shared = settingsAskers.computeIfAbsent(now.settings, Shared<U>::new);
    shared.units.add(unit);
    asked.put(unit, new Asked(now.objects, shared.keys));
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
      if (change instanceof Dependency.OnSetting) {
        for (var shared : settingsAskers.values()) {
          if (shared.keys.contains(change)) {
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
