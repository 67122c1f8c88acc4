package dev.weir.dataplane.router;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * One host, compiled.
 *
 * @param <T> a compiled route
 */
public final class HostRoutes<T> {
  private final VirtualHost virtualHost;
  private final String label;
  private final PathTable<T> paths;

  private HostRoutes(VirtualHost virtualHost, PathTable<T> paths) {
    this.virtualHost = virtualHost;
    this.label =
        virtualHost.pattern() instanceof HostPattern.Any ? "" : virtualHost.pattern().text();
    this.paths = paths;
  }

  /** Compiles what differs from {@code before}; {@code before} itself if nothing does. */
  static <T> HostRoutes<T> compile(
      VirtualHost virtualHost, @Nullable HostRoutes<T> before, RouteCompiler<T> compiler) {
    if (before != null && before.virtualHost.equals(virtualHost)) {
      return before;
    }
    var known = new HashMap<PathMatch, Integer>();
    if (before != null) {
      for (int i = 0; i < before.virtualHost.routes().size(); i++) {
        known.put(before.virtualHost.routes().get(i).match(), i);
      }
    }
    var sorted = new ArrayList<>(virtualHost.routes());
    sorted.sort((a, b) -> a.match().compareTo(b.match()));
    var compiled = new ArrayList<T>();
    for (var route : sorted) {
      var index = known.get(route.match());
      compiled.add(
          before == null || index == null
              ? compiler.compile(virtualHost.pattern(), route, null)
              : before.carryOver(index, route, compiler));
    }
    var inOrder = virtualHost.ordered(sorted);
    return new HostRoutes<>(inOrder, PathTable.of(sorted, compiled));
  }

  private T carryOver(int index, Route route, RouteCompiler<T> compiler) {
    var previous = paths.at(index);
    return virtualHost.routes().get(index).equals(route)
        ? previous
        : compiler.compile(virtualHost.pattern(), route, previous);
  }

  /** The host's records. */
  public VirtualHost virtualHost() {
    return virtualHost;
  }

  /** The pattern as text, for metrics; empty for the host that takes all others. */
  public String label() {
    return label;
  }

  /** The route of a canonical path; null only for a table without {@code Prefix /}. */
  public @Nullable T find(CharSequence canonicalPath) {
    return paths.find(canonicalPath);
  }

  /** The compiled route of the record at {@code index} of {@link VirtualHost#routes}. */
  public T at(int index) {
    return paths.at(index);
  }
}
