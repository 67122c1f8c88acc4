package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.VirtualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The series of requests: by route, host, method, status. All label values come from objects or
 * from closed sets, never from a client, or there is a bound. Safe on every thread.
 */
final class RequestMetrics implements MetricSource {
  private final TelemetrySettings settings;
  private final SeriesLayout layout;
  private final IngressUse use = new IngressUse();
  private final ConcurrentHashMap<RouteOrigin, RouteSeries> routes = new ConcurrentHashMap<>();

  RequestMetrics(TelemetrySettings settings) {
    this.settings = settings;
    this.layout = new SeriesLayout(settings.buckets(), settings.excluded());
  }

  void record(RequestSample sample) {
    if (!settings.requests()) {
      return;
    }
    boolean defined = isDefined(sample.hostPattern());
    if (!defined && settings.hosts() == TelemetrySettings.Hosts.DEFINED) {
      return;
    }
    var route = route(sample.origin());
    if (route == null) {
      return;
    }
    var host =
        switch (settings.hosts()) {
          case NONE -> "";
          case DEFINED -> sample.hostPattern();
          case ALL -> defined ? sample.hostPattern() : sample.host();
        };
    var series =
        route.series(
            host,
            !defined,
            Methods.indexOf(sample.method()),
            settings.statusClasses() ? sample.status() / 100 : sample.status(),
            sample.canary());
    if (series != null) {
      layout.record(series, sample);
    }
  }

  void tableChanged(Collection<VirtualHost> replaced, Collection<VirtualHost> serving) {
    var gone = use.replace(replaced, serving);
    if (!gone.isEmpty()) {
      routes.keySet().removeIf(origin -> gone.contains(IngressUse.Name.of(origin)));
    }
  }

  private static boolean isDefined(String hostPattern) {
    return !hostPattern.isEmpty() && !hostPattern.equals("*");
  }

  private @Nullable RouteSeries route(RouteOrigin origin) {
    var route = routes.get(origin);
    if (route == null && use.contains(origin)) {
      route = routes.computeIfAbsent(origin, key -> new RouteSeries(key, constant(), layout));
      if (!use.contains(origin)) {
        // It went away in between, and nobody will come to remove this.
        routes.remove(origin);
        return null;
      }
    }
    return route;
  }

  private RouteSeries.Constant constant() {
    return new RouteSeries.Constant(
        settings.identity().labels(), settings.hosts() != TelemetrySettings.Hosts.NONE);
  }

  @Override
  public void collect(MetricWriter out) {
    for (var family : layout.families()) {
      family.begin(out);
      for (var route : routes.values()) {
        route.forEach(
            (labels, values) -> {
              family.write(out, labels, values);
              flush(out);
            });
      }
    }
  }

  /** Ten thousand hosts make more text than should be held at once. */
  private static void flush(MetricWriter out) {
    if (out.isFull()) {
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
