package dev.weir.dataplane.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.filters.FilterCatalog;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.SatisfyAny;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.router.RouteCompiler;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.upstream.StreamSource;
import dev.weir.dataplane.upstream.UpstreamTls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes plans of routes. Called by the controller thread. */
public final class RoutePlanner implements RouteCompiler<RoutePlan> {
  private final FilterCatalog catalog;
  private final Cache<UpstreamId, RetryBudget> budgets = Caffeine.newBuilder().weakValues().build();

  /**
   * Parts of routes, equal ones once: among very many routes each object on a request's way is a
   * cache line that isn't there.
   */
  private final Interner<Object> parts = Interner.newWeakInterner();

  private final StreamSource streams;
  private final Telemetry telemetry;

  public RoutePlanner(StreamSource streams, FilterServices services, Telemetry telemetry) {
    this.streams = streams;
    this.telemetry = telemetry;
    this.catalog = new FilterCatalog(services);
  }

  /** The plan of requests that no host takes: the built-in 404. */
  RoutePlan defaultPlan() {
    var nothing =
        new Route(
            new PathMatch.Prefix("/"),
            RouteAction.Respond.notFound(),
            RouteOrigin.NONE,
            List.of(),
            Timeouts.DEFAULT,
            RetryPolicy.DEFAULT);
    return compile(new HostPattern.Any(), nothing, null);
  }

  @Override
  public RoutePlan compile(HostPattern host, Route route, @Nullable RoutePlan previous) {
    var filters = new ArrayList<RouteFilter>();
    filters.add(ownAnswer(shared(route.action())));
    boolean any = false;
    for (var settings : route.filters()) {
      if (settings instanceof SatisfyAny) {
        any = true;
      } else {
        filters.add(catalog.filter(settings));
      }
    }
    // Stable: filters of one phase stay in the route's order.
    filters.sort(Comparator.comparing(RouteFilter::phase));
    var name = host instanceof HostPattern.Any ? "" : host.text();
    return new RoutePlan(
        sharing(route),
        AccessGroup.gather(filters, any),
        ReplyPhase.of(filters),
        name,
        telemetry.route(route.origin(), name),
        budget(route.action()),
        tls(route.action()));
  }

  private @Nullable UpstreamTls tls(RouteAction action) {
    var policy = action instanceof RouteAction.Forward forward ? forward.scheme().policy() : null;
    return policy == null ? null : streams.tls(policy);
  }

  private RouteFilter ownAnswer(RouteAction action) {
    return switch (action) {
      case RouteAction.Forward(var upstream, var otherwise, _) ->
          shared(
              switch (otherwise) {
                case RouteAction.Status.UNAVAILABLE ->
                    OwnAnswer.NoEndpoints.unavailable(List.of(upstream), streams);
                case RouteAction.Status.NOT_FOUND ->
                    OwnAnswer.NoEndpoints.notFound(upstream, streams);
                case RouteAction.StandIn(var other) ->
                    OwnAnswer.NoEndpoints.unavailable(List.of(upstream, other), streams);
              });
      case RouteAction.Redirect redirect -> new OwnAnswer.Redirect(redirect);
      case RouteAction.Respond respond ->
          new OwnAnswer.Always(phase(respond.when()), LocalReply.page(respond.status()));
    };
  }

  private Route sharing(Route route) {
    return new Route(
        route.match(),
        shared(route.action()),
        route.origin(),
        route.filters(),
        shared(route.timeouts()),
        shared(route.retries()));
  }

  @SuppressWarnings("unchecked") // What is equal is of one class.
  private <T> T shared(T part) {
    return (T) parts.intern(part);
  }

  private static FilterPhase phase(RouteAction.When when) {
    return switch (when) {
      case DENIED -> FilterPhase.DENIED;
      case NO_BACKEND -> FilterPhase.NO_ENDPOINTS;
      case BACKEND -> FilterPhase.BACKEND;
    };
  }

  private RetryBudget budget(RouteAction action) {
    return action instanceof RouteAction.Forward(var upstream, _, _)
        ? budgets.get(upstream, id -> new RetryBudget(System::nanoTime))
        : new RetryBudget(System::nanoTime);
  }
}
