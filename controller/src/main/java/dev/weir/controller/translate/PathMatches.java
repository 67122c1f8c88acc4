package dev.weir.controller.translate;

import dev.weir.annotations.AcmeChallenge;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.PatternException;
import dev.weir.dataplane.model.SafePattern;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How an Ingress's paths are matched on one host.
 *
 * @param regexHost whether all paths of the host are regular expressions
 * @param asWritten whether those of this Ingress are meant to be
 */
record PathMatches(boolean regexHost, boolean asWritten) {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\^$|?*+()\\[\\]{}]");

  /**
   * How one path is matched.
   *
   * @param key two paths with the same one get into each other's way
   * @param match what its routes are told
   * @param twice whether the expression counts a second time with a slash behind it, as the path of
   *     an Ingress does that doesn't use expressions (ingress-nginx.md 4.4)
   * @param fault why its routes are closed; empty if they aren't
   */
  record Matched(PathMatch key, PathMatch match, boolean twice, Optional<String> fault) {
    /** The match that comes first: of an expression that counts twice, the longer one. */
    PathMatch first() {
      return twice && match instanceof PathMatch.Regex(var pattern)
          ? regex(pattern.text() + "/").orElse(match)
          : match;
    }
  }

  /** Decides; empty if no request can have such a path. */
  Optional<Matched> of(Path path, ObjectRef ingress, Findings findings) {
    var text = path.path().isEmpty() ? "/" : path.path();
    boolean raw = regexHost && (asWritten || SPECIAL.matcher(text).find());
    if (!raw) {
      switch (IngressPath.read(text)) {
        case IngressPath.Result.Ok(var canonical) -> text = canonical;
        case IngressPath.Result.Bad(var fault) -> {
          findings.add(
              Severity.ERROR,
              ingress,
              path.field() + ".path",
              "no request can have such a path, so it is skipped: " + fault);
          return Optional.empty();
        }
      }
    }
    var key =
        path.type() == PathType.EXACT ? new PathMatch.Exact(text) : new PathMatch.Prefix(text);
    // Nothing stands in the way of a challenge, not even the expressions of another Ingress.
    if (!regexHost || AcmeChallenge.isPath(text)) {
      return Optional.of(new Matched(key, key, false, Optional.empty()));
    }
    boolean twice = !asWritten && path.type() != PathType.EXACT && !text.endsWith("/");
    return Optional.of(expression(key, twice, path, ingress, findings));
  }

  private static Matched expression(
      PathMatch key, boolean twice, Path path, ObjectRef ingress, Findings findings) {
    var field = path.field() + ".path";
    try {
      var pattern = SafePattern.of(key.path(), true);
      if (!pattern.linear()) {
        findings.add(
            Severity.WARNING,
            ingress,
            field,
            "uses syntax that can't be matched in linear time: requests whose paths are too long or"
                + " take too many steps are refused with 400");
      }
      return new Matched(key, new PathMatch.Regex(pattern), twice, Optional.empty());
    } catch (PatternException e) {
      var fault = "the path " + e.fault();
      findings.add(
          Severity.ERROR,
          ingress,
          field,
          e.fault() + "; it is taken literally, and its route answers 503");
      var literal = new PathMatch.Regex(SafePattern.literal(key.path()));
      return new Matched(key, literal, false, Optional.of(fault));
    }
  }

  private static Optional<PathMatch> regex(String text) {
    try {
      return Optional.of(new PathMatch.Regex(SafePattern.of(text, true)));
    } catch (PatternException e) {
      return Optional.empty();
    }
  }
}
