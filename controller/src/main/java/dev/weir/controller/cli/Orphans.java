package dev.weir.controller.cli;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.telemetry.ControllerMetrics.Ingress;
import dev.weir.dataplane.telemetry.ControllerMetrics.OrphanType;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which Ingresses have rules with nothing behind them, read off the table: a route that answers for
 * a Service that isn't there, or that leads to an upstream without endpoints.
 *
 * <p>Thread rule: {@link #applied} on the controller thread, {@link #types} on any.
 */
final class Orphans {
  private final Map<HostPattern, VirtualHost> hosts = new ConcurrentHashMap<>();
  private final Set<UpstreamId> empty = ConcurrentHashMap.newKeySet();

  /** Follows a change of the table. */
  void applied(TableChange change) {
    change.removedUpstreams().forEach(empty::remove);
    change
        .upstreams()
        .forEach(
            (id, upstream) -> {
              if (isEmpty(upstream)) {
                empty.add(id);
              } else {
                empty.remove(id);
              }
            });
    change.removedHosts().forEach(hosts::remove);
    hosts.putAll(change.hosts());
  }

  private static boolean isEmpty(Upstream upstream) {
    return switch (upstream.target()) {
      case Upstream.Target.Endpoints(var endpoints) -> endpoints.isEmpty();
      case Upstream.Target.DnsName name -> false;
    };
  }

  /** In which ways each Ingress is orphaned; those that aren't have none. */
  Map<Ingress, Set<OrphanType>> types() {
    var types = new HashMap<Ingress, Set<OrphanType>>();
    for (var host : hosts.values()) {
      for (var route : host.routes()) {
        var origin = route.origin();
        if (!origin.ingress().isEmpty()) {
          var found =
              types.computeIfAbsent(
                  new Ingress(origin.namespace(), origin.ingress()),
                  ingress -> EnumSet.noneOf(OrphanType.class));
          add(route, found);
        }
      }
    }
    return types;
  }

  private void add(Route route, Set<OrphanType> types) {
    switch (route.action()) {
      case RouteAction.Respond(_, var when, _) -> {
        if (when == RouteAction.When.NO_BACKEND) {
          types.add(OrphanType.NO_SERVICE);
        }
      }
      case RouteAction.Forward forward -> {
        if (empty.contains(forward.upstream())) {
          types.add(OrphanType.NO_ENDPOINT);
        }
      }
      case RouteAction.Redirect redirect -> {}
    }
  }
}
