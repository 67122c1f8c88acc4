package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.RouteOrigin;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The series of one route, by host. Safe on every thread. */
final class RouteSeries {
  /** Hosts that clients made up, each with its own series; further ones are not counted. */
  private static final int MOST_UNDEFINED_HOSTS = 1_000;

  private final RouteOrigin origin;
  private final Constant constant;
  private final SeriesLayout layout;
  private final ConcurrentHashMap<String, HostSeries> hosts = new ConcurrentHashMap<>();

  /** What all routes have in common. */
  record Constant(Labels labels, boolean perHost) {}

  RouteSeries(RouteOrigin origin, Constant constant, SeriesLayout layout) {
    this.origin = origin;
    this.constant = constant;
    this.layout = layout;
  }

  /**
   * The numbers of a series, made if they are new.
   *
   * @param method from {@link Methods}
   * @param status a status, or its first digit for a class
   * @return null if there are too many hosts
   */
  @Nullable StripedLongs series(
      String host, boolean undefined, int method, int status, String canary) {
    var series = hosts.get(host);
    if (series == null) {
      if (undefined && hosts.size() >= MOST_UNDEFINED_HOSTS) {
        return null;
      }
      series = hosts.computeIfAbsent(host, name -> new HostSeries(layout.width()));
    }
    return series.find(method, status, canary);
  }

  void forEach(BiConsumer<Labels, StripedLongs> visitor) {
    hosts.forEach(
        (host, series) ->
            series.forEach((key, values) -> visitor.accept(labels(host, key), values)));
  }

  /** Sorted by name, as the Prometheus client of ingress-nginx does. */
  private Labels labels(String host, HostSeries.Key key) {
    boolean outside = origin.equals(RouteOrigin.NONE);
    var labels = Labels.of("canary", outside ? "-" : key.canary()).and(constant.labels());
    if (constant.perHost()) {
      labels = labels.and("host", host);
    }
    return labels
        .and("ingress", outside ? "-" : origin.ingress())
        .and("method", Methods.name(key.method()))
        .and("namespace", outside ? "-" : origin.namespace())
        .and("path", outside ? "-" : origin.path())
        .and("service", outside ? "-" : origin.service())
        .and("status", key.statusText());
  }
}
