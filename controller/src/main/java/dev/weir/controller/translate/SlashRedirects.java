package dev.weir.controller.translate;

import dev.weir.annotations.RedirectStyle;
import dev.weir.controller.translate.Claims.Claim;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A path that ends in a slash also takes the path without it, and answers it with a redirect to
 * itself (ingress-nginx.md 4.3). Regular expressions don't.
 */
final class SlashRedirects {
  private static final int MOVED = 301;

  private SlashRedirects() {}

  /** Adds the redirects that no path of a user stands in the way of. */
  static void add(SortedMap<PathMatch, Claim> claims) {
    for (var claim : new ArrayList<>(claims.values())) {
      if (claim.route().match() instanceof PathMatch.Regex) {
        continue;
      }
      var path = claim.route().match().path();
      IngressPath.withoutSlash(path)
          .filter(bare -> !claims.containsKey(new PathMatch.Prefix(bare)))
          .ifPresent(
              bare -> {
                var match = new PathMatch.Exact(bare);
                claims.putIfAbsent(match, redirect(claim, match, path));
              });
    }
  }

  private static Claim redirect(Claim claim, PathMatch match, String path) {
    var route =
        RouteCompile.own(
            match,
            new RouteAction.Redirect(MOVED, location(path, claim.redirects())),
            claim.route().origin());
    var filters = claim.route().filters().stream().filter(FilterSettings::everywhere).toList();
    return new Claim(
        new PathMatches.Matched(match, match, false, Optional.empty()),
        RouteCompile.filtered(route, filters),
        claim.owner(),
        claim.field(),
        claim.redirects());
  }

  private static Template location(String path, RedirectStyle style) {
    var parts = new ArrayList<Template.Part>();
    if (!style.relative()) {
      parts.addAll(
          List.of(Template.Variable.SCHEME, new Template.Literal("://"), Template.Variable.HOST));
      if (style.withPort()) {
        parts.add(Template.Variable.REDIRECT_PORT);
      }
    }
    parts.add(new Template.Literal(IngressPath.forLocation(path)));
    parts.add(Template.Variable.QUERY);
    return new Template(parts);
  }
}
