package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CharacterClass;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ReplacementParser;
import dev.weir.dataplane.model.Rewrite;
import dev.weir.dataplane.model.SafePattern;
import java.util.List;

/**
 * {@code rewrite-target}, {@code use-regex}, {@code x-forwarded-prefix}: paths are regular
 * expressions, and what they match is made into another path (ingress-nginx.md 4.4, 4.5).
 */
public final class Rewriting implements AnnotationFeature {
  static final Setting<String> TARGET =
      new Setting<>(
          Setting.Names.annotation("rewrite-target"),
          "",
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          CharacterClass.PATH_WITH_CAPTURES::parse,
          "The path that the backend sees, with $1 to $9 for groups of the path; an address"
              + " redirects to it. All paths of the host become regular expressions.");

  private static final Setting<Boolean> REGEX =
      new Setting<>(
          Setting.Names.annotation("use-regex"),
          false,
          Scope.HOST,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether all paths of the host are regular expressions.");

  private static final Setting<String> PREFIX =
      new Setting<>(
          Setting.Names.annotation("x-forwarded-prefix"),
          "",
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DROP,
          CharacterClass.PATH_WITH_CAPTURES::parse,
          "What X-Forwarded-Prefix tells the backend where the path is rewritten.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(TARGET, REGEX, PREFIX);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(TARGET)) {
      return "A target with an unknown variable closes its route, and a path in which dot segments"
          + " come together only by rewriting is refused with 400.";
    }
    return setting.equals(REGEX)
        ? "Expressions are RE2's, matched in linear time; what only PCRE knows works within limits,"
            + " with a finding. An invalid one closes its own path only, and the path of an ACME"
            + " challenge stays exact."
        : "";
  }

  @Override
  public void applyHost(Values values, HostDraft host) {
    var target = values.get(TARGET);
    if (values.get(REGEX)) {
      host.pathsAreRegexes();
      host.matchByRegex();
    } else if (!target.isEmpty() && host.paths().stream().anyMatch(path -> !path.equals(target))) {
      host.matchByRegex();
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var target = values.get(TARGET);
    if (target.isEmpty()
        || route.forUnknownHosts()
        || !(route.id().match() instanceof PathMatch.Regex(var pattern))
        || pattern.text().equals(target)) {
      return;
    }
    try {
      var names = pattern.groupNames();
      var rewrite =
          new Rewrite(
              pattern,
              ReplacementParser.parse(target, names),
              ReplacementParser.parse(values.get(PREFIX), names));
      reportMissingGroups(rewrite, pattern, route);
      route.filter(rewrite);
    } catch (IllegalArgumentException e) {
      route.refuse(TARGET, "can't be followed: " + e.getMessage());
    }
  }

  private static void reportMissingGroups(Rewrite rewrite, SafePattern pattern, RouteDraft route) {
    int largest = rewrite.target().largestGroup();
    if (route.kind() == RouteDraft.Kind.RULE && largest > pattern.groups()) {
      route.report(
          Problem.Level.WARNING,
          TARGET,
          "$" + largest + " is empty, because path " + pattern.text() + " has no such group",
          "put the part of the path that is to stay in parentheses");
    }
  }
}
