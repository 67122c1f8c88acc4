package dev.weir.dataplane.router;

import dev.weir.dataplane.model.HostPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The hosts whose patterns only aliases can have. Immutable.
 *
 * @param deep by suffix
 * @param trailing by prefix
 * @param regexes in matching order
 */
record AliasHosts<T>(
    HostMap<HostRoutes<T>> deep, HostMap<HostRoutes<T>> trailing, List<HostRoutes<T>> regexes) {
  AliasHosts {
    regexes = List.copyOf(regexes);
  }

  static <T> AliasHosts<T> empty() {
    return new AliasHosts<>(HostMap.empty(), HostMap.empty(), List.of());
  }

  /** These hosts with changes; null removes. Other kinds of patterns are left out. */
  AliasHosts<T> with(Map<HostPattern, @Nullable HostRoutes<T>> changes) {
    var deepChanges = new HashMap<String, @Nullable HostRoutes<T>>();
    var trailingChanges = new HashMap<String, @Nullable HostRoutes<T>>();
    var regexChanges = new HashMap<HostPattern, @Nullable HostRoutes<T>>();
    changes.forEach(
        (pattern, routes) -> {
          switch (pattern) {
            case HostPattern.DeepWildcard(var suffix) -> deepChanges.put(suffix, routes);
            case HostPattern.TrailingWildcard(var prefix) -> trailingChanges.put(prefix, routes);
            case HostPattern.Regex regex -> regexChanges.put(regex, routes);
            case HostPattern.Exact e -> {}
            case HostPattern.Wildcard w -> {}
            case HostPattern.Any a -> {}
          }
        });
    return new AliasHosts<>(
        deep.with(deepChanges), trailing.with(trailingChanges), regexes(regexChanges));
  }

  private List<HostRoutes<T>> regexes(Map<HostPattern, @Nullable HostRoutes<T>> changes) {
    if (changes.isEmpty()) {
      return regexes;
    }
    var sorted = new TreeMap<HostPattern, HostRoutes<T>>();
    regexes.forEach(routes -> sorted.put(routes.virtualHost().pattern(), routes));
    changes.forEach(
        (pattern, routes) -> {
          if (routes == null) {
            sorted.remove(pattern);
          } else {
            sorted.put(pattern, routes);
          }
        });
    return new ArrayList<>(sorted.values());
  }

  /** The host of the longest wildcard that takes a name, or null. */
  @Nullable HostRoutes<T> wildcard(String host) {
    if (deep.size() > 0) {
      for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
        var found = dot == 0 ? null : deep.get(host, dot + 1);
        if (found != null) {
          return found;
        }
      }
    }
    if (trailing.size() > 0) {
      for (int dot = host.lastIndexOf('.'); dot > 0; dot = host.lastIndexOf('.', dot - 1)) {
        var found = dot == host.length() - 1 ? null : trailing.get(host.substring(0, dot), 0);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** The host of the first expression that is found in a name, or null. */
  @Nullable HostRoutes<T> regex(String host) {
    for (int i = 0; i < regexes.size(); i++) {
      if (regexes.get(i).virtualHost().pattern() instanceof HostPattern.Regex(var pattern)
          && pattern.found(host)) {
        return regexes.get(i);
      }
    }
    return null;
  }

  /** The host of a pattern itself, or null. */
  @Nullable HostRoutes<T> at(HostPattern pattern) {
    return switch (pattern) {
      case HostPattern.DeepWildcard(var suffix) -> deep.get(suffix, 0);
      case HostPattern.TrailingWildcard(var prefix) -> trailing.get(prefix, 0);
      case HostPattern.Regex regex -> {
        for (var routes : regexes) {
          if (routes.virtualHost().pattern().equals(regex)) {
            yield routes;
          }
        }
        yield null;
      }
      case HostPattern.Exact e -> null;
      case HostPattern.Wildcard w -> null;
      case HostPattern.Any a -> null;
    };
  }

  int size() {
    return deep.size() + trailing.size() + regexes.size();
  }

  void forEach(Consumer<HostRoutes<T>> visitor) {
    deep.forEach(visitor);
    trailing.forEach(visitor);
    regexes.forEach(visitor);
  }
}
