package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.RouteOrigin;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of one route on one host. Who compiles a route asks for it once, by {@link
 * Telemetry#route}, and keeps it beside the route, so that a request finds its series by comparing
 * a number or two. It outlives tables for as long as one has such a route; what is counted
 * afterwards, by requests that were still in flight, goes nowhere.
 *
 * <p>Safe on every thread; counting in a series that exists allocates nothing.
 */
public final class RouteCounters {
  private final Key key;
  private final Scope scope;

  /** Whether requests are counted at all, and those of such hosts. */
  private final boolean counted;

  /** Of the host of a rule, or of all hosts where they aren't told apart. */
  private final HostSeries series;

  /** Where clients make hosts up, each with series of its own; null elsewhere. */
  private final @Nullable ConcurrentHashMap<String, HostSeries> undefined;

  private volatile boolean gone;

  /**
   * What tells routes apart, as far as metrics go: what is in labels, and so not the port.
   *
   * @param host the label; empty where hosts aren't told apart, and for the host for all others
   */
  record Key(RouteOrigin origin, String host) {
    Key {
      origin =
          new RouteOrigin(
              origin.namespace(), origin.ingress(), origin.service(), "", origin.path());
    }
  }

  /**
   * What all routes have in common.
   *
   * @param undefinedHosts how many series there may be for hosts of nobody, in all
   */
  record Scope(TelemetrySettings settings, SeriesLayout layout, SeriesBudget undefinedHosts) {
    boolean perHost() {
      return settings.hosts() != TelemetrySettings.Hosts.NONE;
    }

    private boolean counts(String host) {
      return settings.requests()
          && (!host.isEmpty() || settings.hosts() != TelemetrySettings.Hosts.DEFINED);
    }
  }

  RouteCounters(Key key, Scope scope) {
    this.key = key;
    this.scope = scope;
    this.counted = scope.counts(key.host);
    this.series = new HostSeries(scope.layout, SeriesBudget.NO_LIMIT);
    this.undefined = scope.perHost() && key.host.isEmpty() ? new ConcurrentHashMap<>() : null;
  }

  /** Counts a request if such are counted; false if there are too many series for that. */
  boolean record(RequestSample sample) {
    if (!counted || gone) {
      return true;
    }
    var of = undefined == null ? series : ofHost(undefined, sample.host());
    if (of == null) {
      return false;
    }
    int status = scope.settings.statusClasses() ? sample.status() / 100 : sample.status();
    var values = of.find(Methods.indexOf(sample.method()), status, sample.canary());
    if (values == null) {
      return false;
    }
    scope.layout.record(values, sample);
    return true;
  }

  private @Nullable HostSeries ofHost(ConcurrentHashMap<String, HostSeries> hosts, String host) {
    var known = hosts.get(host);
    if (known != null || scope.undefinedHosts.isSpent()) {
      return known;
    }
    var added =
        hosts.computeIfAbsent(host, name -> new HostSeries(scope.layout, scope.undefinedHosts));
    if (gone) {
      // gone() may have passed by before this one was there.
      added.close();
    }
    return added;
  }

  /** There is no such route any more. */
  void gone() {
    gone = true;
    if (undefined != null) {
      undefined.values().forEach(HostSeries::close);
    }
  }

  /** A rule names this host now, so it is not among those of nobody. */
  void defined(String host) {
    var before = undefined == null ? null : undefined.remove(host);
    if (before != null) {
      before.close();
    }
  }

  /**
   * Visits all series.
   *
   * @param others whether somebody else has the series of such names: a request that began before a
   *     rule named its host is counted as nobody's
   */
  void forEach(Predicate<Key> others, BiConsumer<Labels, StripedLongs> visitor) {
    if (undefined == null) {
      forEach(key.host, series, visitor);
      return;
    }
    undefined.forEach(
        (host, each) -> {
          // The label of nobody's requests without a host is that of this object itself.
          if (host.isEmpty() || !others.test(new Key(key.origin, host))) {
            forEach(host, each, visitor);
          }
        });
  }

  private void forEach(String host, HostSeries each, BiConsumer<Labels, StripedLongs> visitor) {
    each.forEach((name, values) -> visitor.accept(labels(host, name), values));
  }

  /** Sorted by name, as the Prometheus client of ingress-nginx does. */
  private Labels labels(String host, HostSeries.Key name) {
    var origin = key.origin;
    boolean outside = origin.equals(RouteOrigin.NONE);
    var labels =
        Labels.of("canary", outside ? "-" : name.canary()).and(scope.settings.identity().labels());
    if (scope.perHost()) {
      labels = labels.and("host", host);
    }
    return labels
        .and("ingress", outside ? "-" : origin.ingress())
        .and("method", Methods.name(name.method()))
        .and("namespace", outside ? "-" : origin.namespace())
        .and("path", outside ? "-" : origin.path())
        .and("service", outside ? "-" : origin.service())
        .and("status", name.statusText());
  }
}
