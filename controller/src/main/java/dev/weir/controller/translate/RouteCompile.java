package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.DraftContext;
import dev.weir.annotations.HostTls;
import dev.weir.annotations.ReadSettings;
import dev.weir.annotations.RedirectStyle;
import dev.weir.annotations.RouteDraft;
import dev.weir.controller.resource.ClusterView;
import dev.weir.dataplane.model.ErrorPages;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteId;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Completes routes of one host with what the settings ask for. */
final class RouteCompile {
  private final AnnotationCatalog catalog;
  private final Backends backends;
  private final Scope scope;

  RouteCompile(AnnotationCatalog catalog, Backends backends, Scope scope) {
    this.catalog = catalog;
    this.backends = backends;
    this.scope = scope;
  }

  /**
   * The host of the routes.
   *
   * @param hasTls whether plain HTTP to it counts as a mistake
   * @param serviceTls how Ingresses of the host have TLS spoken to Services
   */
  record Scope(HostPattern host, boolean hasTls, List<HostTls> serviceTls) {}

  /**
   * A route before settings.
   *
   * @param path as the user wrote it
   */
  record Wish(PathMatch match, RouteDraft.Kind kind, Backends.Target target, String path) {}

  /** A route, and how redirects of ours name a place on it. */
  record Made(Route route, RedirectStyle redirects) {}

  /** The route under an Ingress's settings. */
  Made route(Contributor owner, Wish wish, Findings findings) {
    var draft = draft(owner.settings(), owner.context(), wish);
    findings.addProblems(owner.ingress().ref(), draft.problems());
    var key = owner.ingress().key();
    var origin =
        new RouteOrigin(
            key.namespace(), key.name(), wish.target.service(), wish.target.port(), wish.path);
    var denied = owner.settings().denied().or(draft::denied);
    return new Made(complete(wish, draft, denied, origin), draft.redirects());
  }

  /** The route that no Ingress has a say in. */
  Route routeOfNobody(Wish wish, DraftContext context, ClusterView view) {
    var settings = ReadSettings.withoutIngress(view::setting);
    var draft = draft(settings, context, wish);
    var origin = new RouteOrigin("", "", wish.target.service(), wish.target.port(), wish.path);
    return complete(
        wish,
        draft,
        settings.denied().or(draft::denied),
        wish.target.service().isEmpty() ? RouteOrigin.NONE : origin);
  }

  private RouteDraft draft(ReadSettings settings, DraftContext context, Wish wish) {
    var draft =
        new RouteDraft(
            context,
            new RouteId(scope.host, wish.match),
            scope.hasTls,
            wish.kind,
            backends.described(wish.target, scope.serviceTls));
    catalog.features().forEach(feature -> feature.applyRoute(settings, draft));
    return draft;
  }

  private Route complete(Wish wish, RouteDraft draft, Optional<String> denied, RouteOrigin origin) {
    var standIn = backends.standIn(origin.namespace(), draft.defaultBackend());
    var action =
        denied
            .<RouteAction>map(RouteAction.Respond::denied)
            .orElseGet(
                () ->
                    spoken(
                        standIn
                            .map(other -> withStandIn(wish.target, origin.namespace(), other))
                            .orElseGet(wish.target::action),
                        draft));
    return new Route(
        wish.match,
        action,
        origin,
        filters(draft, standIn.or(backends::ofDefault)),
        draft.timeouts(),
        draft.retries());
  }

  /** The same action, at the addresses and in the way that the settings ask for. */
  private static RouteAction spoken(RouteAction action, RouteDraft draft) {
    if (!(action instanceof RouteAction.Forward(var id, var otherwise, _))) {
      return action;
    }
    var reach = draft.asksServiceAddress() ? UpstreamId.Reach.SERVICE : UpstreamId.Reach.ENDPOINTS;
    var upstream = new UpstreamId(id.namespace(), id.service(), id.port(), reach);
    return new RouteAction.Forward(upstream, otherwise, draft.scheme());
  }

  /** Also where the Service is missing: then it is an upstream that has no endpoints. */
  private static RouteAction withStandIn(
      Backends.Target target, String namespace, UpstreamId standIn) {
    var otherwise = new RouteAction.StandIn(standIn);
    return switch (target.action()) {
      case RouteAction.Forward(var upstream, _, var scheme) ->
          new RouteAction.Forward(upstream, otherwise, scheme);
      case RouteAction.Respond(_, RouteAction.When when, _)
          when when == RouteAction.When.NO_BACKEND ->
          new RouteAction.Forward(
              new UpstreamId(namespace, target.service(), target.port()), otherwise);
      case RouteAction.Respond respond -> respond;
      case RouteAction.Redirect redirect -> redirect;
    };
  }

  private static List<FilterSettings> filters(RouteDraft draft, Optional<UpstreamId> errors) {
    var filters = new ArrayList<>(draft.filters());
    draft
        .errorPages()
        .ifPresent(
            pages ->
                filters.add(
                    new ErrorPages(
                        pages.statuses(), errors.orElse(null), pages.upstreamReplies())));
    return filters;
  }

  /** The same route, refused. */
  static Route denied(Route route, String reason) {
    return new Route(
        route.match(),
        RouteAction.Respond.denied(reason),
        route.origin(),
        route.filters(),
        route.timeouts(),
        route.retries());
  }

  /** The same route, found otherwise. */
  static Route matching(Route route, PathMatch match) {
    return route.match().equals(match)
        ? route
        : new Route(
            match,
            route.action(),
            route.origin(),
            route.filters(),
            route.timeouts(),
            route.retries());
  }

  /** The same route with other filters. */
  static Route filtered(Route route, List<FilterSettings> filters) {
    return new Route(
        route.match(), route.action(), route.origin(), filters, route.timeouts(), route.retries());
  }

  /** A route of the proxy's own, without filters. */
  static Route own(PathMatch match, RouteAction action, RouteOrigin origin) {
    return new Route(match, action, origin, List.of(), Timeouts.DEFAULT, RetryPolicy.DEFAULT);
  }

  /** 200 for load balancers that probe the proxy under no host in particular. */
  static Route healthCheck(PathMatch match) {
    return own(
        match,
        new RouteAction.Respond(200, RouteAction.When.BACKEND, "health check"),
        RouteOrigin.NONE);
  }
}
