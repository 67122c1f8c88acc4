package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The series of requests: by route, host, method, status. All label values come from objects or
 * from closed sets, never from a client, or there is a bound. Safe on every thread.
 */
final class RequestMetrics implements MetricSource {
  /** For hosts that clients made up; beyond these, requests for such are not counted. */
  private static final int MOST_UNDEFINED = 1_000;

  private static final RouteCounters.Key NOBODYS = new RouteCounters.Key(RouteOrigin.NONE, "");

  private final TelemetrySettings settings;
  private final RouteCounters.Scope scope;
  private final RouteUse use = new RouteUse();
  private final Map<RouteCounters.Key, RouteCounters> routes = new ConcurrentHashMap<>();
  private final LongAdder uncounted = new LongAdder();

  /** Of all routes where requests are not counted. */
  private final RouteCounters none;

  private record Row(Labels labels, StripedLongs values) {}

  RequestMetrics(TelemetrySettings settings) {
    this.settings = settings;
    this.scope =
        new RouteCounters.Scope(
            settings,
            new SeriesLayout(settings.buckets(), settings.excluded()),
            new SeriesBudget(MOST_UNDEFINED));
    this.none = new RouteCounters(NOBODYS, scope);
  }

  /**
   * What counts the requests of a route on a host.
   *
   * @param host a pattern as text; empty for the host for all others
   */
  RouteCounters route(RouteOrigin origin, String host) {
    if (!settings.requests()) {
      return none;
    }
    return routes.computeIfAbsent(
        new RouteCounters.Key(origin, label(host)), key -> new RouteCounters(key, scope));
  }

  void record(RequestSample sample) {
    if (!sample.counters().record(sample)) {
      uncounted.increment();
    }
  }

  void tableChanged(Collection<VirtualHost> replaced, Collection<VirtualHost> serving) {
    if (!settings.requests()) {
      return;
    }
    for (var key : use.replace(replaced, serving, host -> label(text(host.pattern())))) {
      // Requests that no host takes come whatever the table is.
      var gone = key.equals(NOBODYS) ? null : routes.remove(key);
      if (gone != null) {
        gone.gone();
      }
    }
    if (settings.hosts() == TelemetrySettings.Hosts.ALL) {
      serving.forEach(this::defined);
    }
  }

  /** What a host had while no rule named it ends, where the same names go on with it. */
  private void defined(VirtualHost host) {
    var name = text(host.pattern());
    if (name.isEmpty()) {
      return;
    }
    var keys = new HashSet<>(Set.of(NOBODYS));
    host.routes().forEach(route -> keys.add(new RouteCounters.Key(route.origin(), "")));
    for (var key : keys) {
      var everywhere = routes.get(key);
      if (everywhere != null) {
        everywhere.defined(name);
      }
    }
  }

  private static String text(HostPattern pattern) {
    return pattern instanceof HostPattern.Any ? "" : pattern.text();
  }

  private String label(String host) {
    return scope.perHost() ? host : "";
  }

  @Override
  public void collect(MetricWriter out) {
    // Once for all families: making the labels is most of the work.
    var rows = rows();
    for (var family : scope.layout().families()) {
      family.begin(out);
      for (var row : rows) {
        family.write(out, row.labels, row.values);
        out.relieve();
      }
    }
    if (settings.requests() && settings.hosts() == TelemetrySettings.Hosts.ALL) {
      out.counter(
          "weir_uncounted_requests_total",
          "Requests for hosts of no rule that are in no series: there are 1,000 for such hosts.",
          Labels.NONE,
          uncounted.sum());
    }
  }

  private List<Row> rows() {
    var rows = new ArrayList<Row>();
    routes
        .values()
        .forEach(
            route ->
                route.forEach(
                    routes::containsKey, (labels, values) -> rows.add(new Row(labels, values))));
    return rows;
  }
}
