package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.EncodedPath;
import dev.weir.dataplane.model.PatternLimitException;
import dev.weir.dataplane.model.Replacement;
import dev.weir.dataplane.model.Rewrite;
import dev.weir.dataplane.model.SafePattern;

/**
 * Puts a new path together from what the route's expression matched of the canonical path, and
 * percent-encodes all that a client had a say in: no group and no variable brings a space, a line
 * break, a question mark or a percent sign into a target, a field or a redirect.
 */
final class RewriteFilter implements RouteFilter {
  private static final int FOUND = 302;

  private final Rewrite settings;
  private final boolean redirects;

  RewriteFilter(Rewrite settings) {
    this.settings = settings;
    this.redirects = settings.redirects();
  }

  /** A redirect comes with the other redirects of the route (ingress-nginx.md 4.8). */
  @Override
  public FilterPhase phase() {
    return redirects ? FilterPhase.REDIRECT : FilterPhase.REWRITE;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    SafePattern.Match match;
    try {
      match = settings.pattern().matchStart(request.head().path());
    } catch (PatternLimitException e) {
      return RewrittenTarget.REFUSED;
    }
    if (match == null) {
      // The route's own expression, which may say more than this one, let the path in.
      return FilterOutcome.Continue.CONTINUE;
    }
    var target = text(settings.target(), match, request);
    if (redirects) {
      var location = RewrittenTarget.appendQuery(target, request).toString();
      return new FilterOutcome.Reply(LocalReply.redirect(FOUND, location));
    }
    var outcome = RewrittenTarget.set(request, target);
    if (!settings.forwardedPrefix().parts().isEmpty()) {
      var prefix = text(settings.forwardedPrefix(), match, request).toString();
      request.edits().set("x-forwarded-prefix", prefix);
    }
    return outcome;
  }

  private static StringBuilder text(
      Replacement replacement, SafePattern.Match match, FilterRequest request) {
    var text = new StringBuilder();
    for (var part : replacement.parts()) {
      switch (part) {
        case Replacement.Group(int number) -> {
          var group = number <= match.groups() ? match.group(number) : null;
          if (group != null) {
            EncodedPath.append(text, group, 0, group.length());
          }
        }
        case Replacement.Text(var template) -> {
          var value = request.evaluate(template);
          if (template.isConstant()) {
            text.append(value);
          } else {
            EncodedPath.append(text, value, 0, value.length());
          }
        }
      }
    }
    return text;
  }
}
