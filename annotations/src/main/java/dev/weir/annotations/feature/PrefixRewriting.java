package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.CharacterClass;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.PrefixRewrite;
import dev.weir.dataplane.model.SafePattern;
import java.util.List;

/**
 * {@code traefik.ingress.kubernetes.io/rewrite-target} as Traefik 1.7 understood it: the matched
 * beginning of the path is replaced. It makes no regular expressions of paths.
 */
public final class PrefixRewriting implements AnnotationFeature {
  private static final Setting<String> TARGET =
      new Setting<>(
          Setting.Names.annotation("traefik.ingress.kubernetes.io/rewrite-target"),
          "",
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          PrefixRewriting::path,
          "What replaces the matched beginning of the path.");

  private static String path(String text) throws InvalidValueException {
    if (!text.startsWith("/") || text.contains("//")) {
      throw new InvalidValueException("a path that begins with one slash");
    }
    return CharacterClass.BASIC.parse(text);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(TARGET);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var target = values.get(TARGET);
    if (target.isEmpty() || route.kind() != RouteDraft.Kind.RULE || route.answersChallenge()) {
      return;
    }
    if (!values.get(Rewriting.TARGET).isEmpty()) {
      route.report(
          Problem.Level.WARNING, TARGET, "is not used: rewrite-target replaces the whole path", "");
      return;
    }
    var pattern =
        switch (route.id().match()) {
          case PathMatch.Regex(var regex) -> regex;
          case PathMatch.Exact(var path) -> SafePattern.literal(path);
          case PathMatch.Prefix(var path) -> SafePattern.literal(path);
        };
    var bare = target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
    route.filter(new PrefixRewrite(pattern, bare));
  }
}
