package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.DraftContext;
import dev.weir.annotations.ReadSettings;
import dev.weir.annotations.RouteDraft;
import dev.weir.controller.resource.ClusterView;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteId;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Timeouts;
import java.util.List;
import java.util.Optional;

/** Completes routes of one host with what the settings ask for. */
final class RouteCompile {
  private final AnnotationCatalog catalog;
  private final HostPattern host;
  private final boolean hostHasTls;

  RouteCompile(AnnotationCatalog catalog, HostPattern host, boolean hostHasTls) {
    this.catalog = catalog;
    this.host = host;
    this.hostHasTls = hostHasTls;
  }

  /**
   * A route before settings.
   *
   * @param path as the user wrote it
   */
  record Wish(PathMatch match, RouteDraft.Kind kind, Backends.Target target, String path) {}

  /** The route under an Ingress's settings. */
  Route route(Contributor owner, Wish wish, Findings findings) {
    var draft = draft(owner.settings(), owner.context(), wish);
    findings.addProblems(owner.ingress().ref(), draft.problems());
    var key = owner.ingress().key();
    var origin =
        new RouteOrigin(
            key.namespace(), key.name(), wish.target.service(), wish.target.port(), wish.path);
    var denied = owner.settings().denied().or(draft::denied);
    return complete(wish, draft, denied, origin);
  }

  /** The route that no Ingress has a say in. */
  Route routeOfNobody(Wish wish, DraftContext context, ClusterView view) {
    var draft = draft(ReadSettings.withoutIngress(view::setting), context, wish);
    var origin = new RouteOrigin("", "", wish.target.service(), wish.target.port(), wish.path);
    return complete(
        wish, draft, draft.denied(), wish.target.service().isEmpty() ? RouteOrigin.NONE : origin);
  }

  private RouteDraft draft(ReadSettings settings, DraftContext context, Wish wish) {
    var draft = new RouteDraft(context, new RouteId(host, wish.match), hostHasTls, wish.kind);
    catalog.features().forEach(feature -> feature.applyRoute(settings, draft));
    return draft;
  }

  private static Route complete(
      Wish wish, RouteDraft draft, Optional<String> denied, RouteOrigin origin) {
    var action =
        denied.<RouteAction>map(RouteAction.Respond::denied).orElseGet(() -> wish.target.action());
    return new Route(
        wish.match, action, origin, draft.filters(), draft.timeouts(), draft.retries());
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
