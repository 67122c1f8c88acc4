package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.AccessLogSettings;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.telemetry.RouteCounters;
import dev.weir.dataplane.upstream.UpstreamTls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route made ready: its filters and its own answers in the order of checks. Immutable.
 *
 * @param filters sorted by phase; the route's own answers are among them
 * @param replies those of them that act on replies
 * @param host the virtual host's pattern as text
 * @param counters where its requests are counted
 * @param budget how much may be retried on its upstream
 * @param tls what is spoken to its upstream, as far as the route's scheme says so; null if it never
 *     does
 */
public record RoutePlan(
    Route route,
    List<RouteFilter> filters,
    ReplyPhase replies,
    String host,
    RouteCounters counters,
    RetryBudget budget,
    @Nullable UpstreamTls tls) {
  public RoutePlan {
    filters = List.copyOf(filters);
  }

  /** Whether its requests are written: those for hosts that nobody configured only if wanted. */
  boolean isLogged(AccessLogSettings settings) {
    boolean nobodys = host.isEmpty() && route.origin().equals(RouteOrigin.NONE);
    return !nobodys || settings.defaultBackend();
  }
}
