package dev.weir.controller.translate;

import dev.weir.controller.translate.Claims.Claim;
import dev.weir.dataplane.model.AppRoot;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Of all routes that wish a redirect of {@code /}, the first in order has its way, for the whole
 * host (ingress-nginx.md 1.3, app-root).
 */
final class AppRoots {
  private AppRoots() {}

  /** Leaves the redirect on the routes that {@code /} may take, and on no others. */
  static void settle(SortedMap<PathMatch, Claim> claims) {
    var winner =
        claims.values().stream()
            .map(claim -> wish(claim.route()))
            .flatMap(Optional::stream)
            .findFirst();
    if (winner.isPresent()) {
      claims.replaceAll((match, claim) -> claim.with(settled(claim.route(), winner.get())));
    }
  }

  private static Optional<FilterSettings> wish(Route route) {
    return route.filters().stream().filter(AppRoot.class::isInstance).findFirst();
  }

  private static Route settled(Route route, FilterSettings winner) {
    var filters = new ArrayList<>(route.filters());
    filters.removeIf(AppRoot.class::isInstance);
    if (route.match().matches("/")) {
      filters.add(winner);
    }
    return RouteCompile.filtered(route, filters);
  }
}
