package dev.weir.controller.translate;

import dev.weir.annotations.RedirectStyle;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The paths of one host and who has them. Belongs to one compile. */
final class Claims {
  private final Findings findings;
  private final TreeMap<PathMatch, Claim> byKey = new TreeMap<>();

  Claims(Findings findings) {
    this.findings = findings;
  }

  /**
   * A path with its route.
   *
   * @param matched how it is matched; its route may be told otherwise
   * @param owner {@code namespace/name} of the Ingress
   * @param field where it stands in the Ingress; empty for the proxy's health check
   * @param redirects how redirects of ours name a place on it
   */
  record Claim(
      PathMatches.Matched matched,
      Route route,
      String owner,
      String field,
      RedirectStyle redirects) {
    /** The same with another route. */
    Claim with(Route other) {
      return new Claim(matched, other, owner, field, redirects);
    }
  }

  /** A path of an older Ingress stays. */
  void enter(Claim claim, Contributor contributor) {
    var winner = byKey.putIfAbsent(claim.matched.key(), claim);
    if (winner != null) {
      reportTaken(claim, winner, contributor);
    }
  }

  private void reportTaken(Claim claim, Claim winner, Contributor contributor) {
    var key = claim.matched.key();
    findings.add(
        new Finding(
            Severity.WARNING,
            contributor.ingress().ref(),
            claim.field,
            (key instanceof PathMatch.Exact ? "Exact " : "Prefix ")
                + key.path()
                + " is taken by Ingress "
                + winner.owner
                + " ("
                + winner.field
                + "), so it is skipped",
            "remove one of them"));
  }

  /** Whether somebody has the path. */
  boolean has(PathMatch key) {
    return byKey.containsKey(key);
  }

  /** Who has the path. */
  Claim at(PathMatch key) {
    return Objects.requireNonNull(byKey.get(key));
  }

  /** Adds a path unless somebody has it. */
  void putIfAbsent(Claim claim) {
    byKey.putIfAbsent(claim.matched.key(), claim);
  }

  /**
   * The routes by the match that selects them. Where two paths come to the same expression, the
   * exact one has it, and an expression that counts twice only takes what is left.
   */
  SortedMap<PathMatch, Claim> byMatch() {
    var byMatch = new TreeMap<PathMatch, Claim>();
    byKey.values().forEach(claim -> putIfAbsent(byMatch, claim.matched.first(), claim));
    byKey.values().stream()
        .filter(claim -> claim.matched.twice())
        .forEach(claim -> putIfAbsent(byMatch, claim.matched.match(), claim));
    return byMatch;
  }

  private static void putIfAbsent(Map<PathMatch, Claim> byMatch, PathMatch match, Claim claim) {
    byMatch.putIfAbsent(match, claim.with(RouteCompile.matching(claim.route, match)));
  }
}
