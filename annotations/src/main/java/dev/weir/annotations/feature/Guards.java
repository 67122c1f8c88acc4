package dev.weir.annotations.feature;

import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.ArrayList;
import java.util.List;

/** What features that consist of {@link Guard}s have in common. */
final class Guards {
  private Guards() {}

  /** The guards' settings. */
  static List<Setting<?>> settings(List<Guard> guards) {
    var settings = new ArrayList<Setting<?>>();
    guards.forEach(guard -> settings.add(guard.setting()));
    return settings;
  }

  /** The guards' settings, one guard more. */
  static List<Setting<?>> settings(Guard first, List<Guard> others) {
    var settings = new ArrayList<Setting<?>>();
    settings.add(first.setting());
    settings.addAll(settings(others));
    return settings;
  }

  /** A guard and others. */
  static List<Guard> concat(Guard first, List<Guard> others) {
    var all = new ArrayList<Guard>();
    all.add(first);
    all.addAll(others);
    return all;
  }

  /** Reports each protection of everything that the ConfigMap asks for. */
  static void report(List<Guard> guards, String why, Values values, ProxyDraft proxy) {
    for (var guard : guards) {
      if (values.source(guard.setting()) == Values.Source.CONFIG_MAP && guard.asked(values)) {
        proxy.closesEverything(guard.setting(), why);
      }
    }
  }

  /** Closes the route for each guard that somebody asked for. */
  static void close(List<Guard> guards, Values values, RouteDraft route) {
    for (var guard : guards) {
      if (guard.asked(values)) {
        route.deny(values, guard.setting(), Guard.NOT_YET);
      }
    }
  }
}
