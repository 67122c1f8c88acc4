package dev.weir.controller.translate;

import dev.weir.controller.translate.HostCompile.Claim;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A path that ends in a slash also takes the path without it, and answers it with a redirect to
 * itself (ingress-nginx.md 4.3).
 */
final class SlashRedirects {
  private static final int MOVED = 301;

  private SlashRedirects() {}

  /** Adds the redirects that no path of a user stands in the way of. */
  static void add(SortedMap<PathMatch, Claim> claims) {
    for (var claim : new ArrayList<>(claims.values())) {
      var path = claim.route().match().path();
      IngressPath.withoutSlash(path)
          .filter(bare -> !claims.containsKey(new PathMatch.Prefix(bare)))
          .ifPresent(
              bare -> {
                var match = new PathMatch.Exact(bare);
                var route =
                    RouteCompile.own(
                        match,
                        new RouteAction.Redirect(MOVED, location(path)),
                        claim.route().origin());
                claims.putIfAbsent(match, new Claim(route, claim.owner(), claim.field()));
              });
    }
  }

  private static Template location(String path) {
    return new Template(
        List.of(
            Template.Variable.SCHEME,
            new Template.Literal("://"),
            Template.Variable.HOST,
            Template.Variable.REDIRECT_PORT,
            new Template.Literal(IngressPath.forLocation(path)),
            Template.Variable.QUERY));
  }
}
