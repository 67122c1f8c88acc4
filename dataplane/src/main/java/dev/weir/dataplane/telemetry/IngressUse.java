package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.VirtualHost;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which Ingresses have routes in the table, by counting them. Changed by one thread at a time,
 * asked by any.
 */
final class IngressUse {
  private final ConcurrentHashMap<Name, Integer> routes = new ConcurrentHashMap<>();
  private volatile boolean told;

  /** An Ingress. */
  record Name(String namespace, String ingress) {
    static Name of(RouteOrigin origin) {
      return new Name(origin.namespace(), origin.ingress());
    }
  }

  /** Follows a change of the table; returns the Ingresses that have no route any more. */
  Set<Name> replace(Collection<VirtualHost> replaced, Collection<VirtualHost> serving) {
    told = true;
    count(serving, 1);
    count(replaced, -1);
    var gone = new HashSet<Name>();
    for (var host : replaced) {
      for (var route : host.routes()) {
        var name = Name.of(route.origin());
        if (!routes.containsKey(name)) {
          gone.add(name);
        }
      }
    }
    gone.remove(Name.of(RouteOrigin.NONE));
    return gone;
  }

  /** Whether this route's Ingress has routes; true while nobody ever told of a table. */
  boolean contains(RouteOrigin origin) {
    return !told || origin.ingress().isEmpty() || routes.containsKey(Name.of(origin));
  }

  private void count(Collection<VirtualHost> hosts, int one) {
    for (var host : hosts) {
      for (var route : host.routes()) {
        routes.compute(
            Name.of(route.origin()),
            (name, before) -> {
              int now = (before == null ? 0 : before) + one;
              return now == 0 ? null : now;
            });
      }
    }
  }
}
