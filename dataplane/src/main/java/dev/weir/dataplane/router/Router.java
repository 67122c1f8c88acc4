package dev.weir.dataplane.router;

import dev.weir.dataplane.http.HostName;
import dev.weir.dataplane.http.HostText;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.VirtualHost;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The compiled table: finds the route of a request by host and canonical path, without allocating.
 *
 * <p>How: an exact host is looked up in a sharded map, then aliases' wildcards, then its parent
 * among the one-label wildcards, then aliases' expressions, then there is the host for all others;
 * each host has its own path table. Immutable: {@link #with} makes a new router that shares
 * everything but the touched shards, also with 100,000 hosts. Routes whose records did not change
 * keep their compiled object, so whatever state hangs on it survives.
 *
 * <p>Invariants: a host that is known by its exact name never falls through to a wildcard or to the
 * host for all others, whatever its paths; a wildcard stands for exactly one label.
 *
 * @param <T> a compiled route
 */
public final class Router<T> {
  private final RouteCompiler<T> compiler;
  private final HostMap<HostRoutes<T>> exact;
  private final HostMap<HostRoutes<T>> wildcards;
  private final AliasHosts<T> aliases;
  private final @Nullable HostRoutes<T> any;
  private final int routes;

  private Router(
      RouteCompiler<T> compiler,
      HostMap<HostRoutes<T>> exact,
      HostMap<HostRoutes<T>> wildcards,
      AliasHosts<T> aliases,
      @Nullable HostRoutes<T> any,
      int routes) {
    this.compiler = compiler;
    this.exact = exact;
    this.wildcards = wildcards;
    this.aliases = aliases;
    this.any = any;
    this.routes = routes;
  }

  /** A router without hosts. */
  public static <T> Router<T> empty(RouteCompiler<T> compiler) {
    return new Router<>(compiler, HostMap.empty(), HostMap.empty(), AliasHosts.empty(), null, 0);
  }

  /**
   * A router with these hosts changed. A host in both arguments is put.
   *
   * @throws RuntimeException what the compiler threw; this router is not affected
   */
  public Router<T> with(Map<HostPattern, VirtualHost> put, Set<HostPattern> removed) {
    var exactChanges = new HashMap<String, @Nullable HostRoutes<T>>();
    var wildcardChanges = new HashMap<String, @Nullable HostRoutes<T>>();
    var aliasChanges = new HashMap<HostPattern, @Nullable HostRoutes<T>>();
    var newAny = any;
    int newRoutes = routes;
    var changes = new HashMap<HostPattern, @Nullable VirtualHost>();
    removed.forEach(pattern -> changes.put(pattern, null));
    changes.putAll(put);
    for (var change : changes.entrySet()) {
      var pattern = change.getKey();
      var before = at(pattern);
      var virtualHost = change.getValue();
      var after = virtualHost == null ? null : HostRoutes.compile(virtualHost, before, compiler);
      if (after == before) {
        continue;
      }
      newRoutes += size(after) - size(before);
      switch (pattern) {
        case HostPattern.Exact(var name) -> exactChanges.put(name, after);
        case HostPattern.Wildcard(var suffix) -> wildcardChanges.put(suffix, after);
        case HostPattern.Any ignored -> newAny = after;
        case HostPattern.DeepWildcard deep -> aliasChanges.put(deep, after);
        case HostPattern.TrailingWildcard trailing -> aliasChanges.put(trailing, after);
        case HostPattern.Regex regex -> aliasChanges.put(regex, after);
      }
    }
    return new Router<>(
        compiler,
        exact.with(exactChanges),
        wildcards.with(wildcardChanges),
        aliasChanges.isEmpty() ? aliases : aliases.with(aliasChanges),
        newAny,
        newRoutes);
  }

  /**
   * The route of a request, or null if neither its host nor every host is served.
   *
   * @param host from {@link HostName}; may be empty
   * @param canonicalPath from {@link dev.weir.dataplane.http.CanonicalPath}
   */
  public @Nullable T find(String host, String canonicalPath) {
    var found = host(host);
    return found == null ? null : found.find(canonicalPath);
  }

  /** The routes of the host that a request names, or null as in {@link #find}. */
  public @Nullable HostRoutes<T> host(String host) {
    var named = exact.get(host, 0);
    if (named != null) {
      return named;
    }
    boolean aliased = aliases.size() > 0 && !host.isEmpty();
    var alias = aliased ? aliases.wildcard(host) : null;
    if (alias != null) {
      return alias;
    }
    int suffix = HostText.afterFirstLabel(host);
    if (suffix > 0 && wildcards.size() > 0) {
      var parent = wildcards.get(host, suffix);
      if (parent != null) {
        return parent;
      }
    }
    alias = aliased ? aliases.regex(host) : null;
    return alias != null ? alias : any;
  }

  /** The routes of the host that a request names, which was hashed when it was read. */
  public @Nullable HostRoutes<T> host(HostText host) {
    var named = exact.get(host, 0, host.hash());
    if (named != null) {
      return named;
    }
    if (aliases.size() > 0) {
      return host(host.toString());
    }
    int suffix = host.parentStart();
    if (suffix > 0 && wildcards.size() > 0) {
      var parent = wildcards.get(host, suffix, host.parentHash());
      if (parent != null) {
        return parent;
      }
    }
    return any;
  }

  /** The routes of a pattern itself, or null if there is no such host. */
  public @Nullable HostRoutes<T> at(HostPattern pattern) {
    return switch (pattern) {
      case HostPattern.Exact(var name) -> exact.get(name, 0);
      case HostPattern.Wildcard(var suffix) -> wildcards.get(suffix, 0);
      case HostPattern.Any ignored -> any;
      case HostPattern.DeepWildcard deep -> aliases.at(deep);
      case HostPattern.TrailingWildcard trailing -> aliases.at(trailing);
      case HostPattern.Regex regex -> aliases.at(regex);
    };
  }

  /** Number of hosts, wildcards and the host for all others included. */
  public int hosts() {
    return exact.size() + wildcards.size() + aliases.size() + (any == null ? 0 : 1);
  }

  /** Number of routes of all hosts. */
  public int routes() {
    return routes;
  }

  /** Everything as records, for printing; copies the whole table. */
  public SortedMap<HostPattern, VirtualHost> virtualHosts() {
    var hosts = new TreeMap<HostPattern, VirtualHost>();
    exact.forEach(routes -> hosts.put(routes.virtualHost().pattern(), routes.virtualHost()));
    wildcards.forEach(routes -> hosts.put(routes.virtualHost().pattern(), routes.virtualHost()));
    aliases.forEach(routes -> hosts.put(routes.virtualHost().pattern(), routes.virtualHost()));
    if (any != null) {
      hosts.put(any.virtualHost().pattern(), any.virtualHost());
    }
    return Collections.unmodifiableSortedMap(hosts);
  }

  /** For tests: the exact hosts' map. */
  HostMap<HostRoutes<T>> exactHosts() {
    return exact;
  }

  private static int size(@Nullable HostRoutes<?> routes) {
    return routes == null ? 0 : routes.virtualHost().routes().size();
  }
}
