package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.VirtualHost;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Which routes the table has, by what metrics tell apart. Owned by who applies tables. */
final class RouteUse {
  private final Map<RouteCounters.Key, Integer> routes = new HashMap<>();

  /**
   * Follows a change of the table.
   *
   * @return what there is no route of any more
   */
  Set<RouteCounters.Key> replace(
      Collection<VirtualHost> replaced,
      Collection<VirtualHost> serving,
      Function<VirtualHost, String> label) {
    count(serving, label, 1);
    count(replaced, label, -1);
    var gone = new HashSet<RouteCounters.Key>();
    for (var host : replaced) {
      for (var route : host.routes()) {
        var key = new RouteCounters.Key(route.origin(), label.apply(host));
        if (!routes.containsKey(key)) {
          gone.add(key);
        }
      }
    }
    return gone;
  }

  private void count(Collection<VirtualHost> hosts, Function<VirtualHost, String> label, int more) {
    for (var host : hosts) {
      for (var route : host.routes()) {
        routes.merge(
            new RouteCounters.Key(route.origin(), label.apply(host)),
            more,
            (before, change) -> before + change == 0 ? null : before + change);
      }
    }
  }
}
