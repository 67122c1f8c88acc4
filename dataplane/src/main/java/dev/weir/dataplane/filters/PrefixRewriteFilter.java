package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.EncodedPath;
import dev.weir.dataplane.model.PatternLimitException;
import dev.weir.dataplane.model.PrefixRewrite;

/** Replaces the beginning of the path that the backend sees, and tells it the path as it was. */
record PrefixRewriteFilter(PrefixRewrite settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.REWRITE;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    var path = request.head().path();
    int end;
    try {
      var match = settings.pattern().matchStart(path);
      end = match == null ? 0 : match.end();
    } catch (PatternLimitException e) {
      return RewrittenTarget.REFUSED;
    }
    var rewritten = new StringBuilder(settings.target());
    if (end < path.length() && path.charAt(end) != '/') {
      rewritten.append('/');
    }
    EncodedPath.append(rewritten, path, end, path.length());
    var outcome = RewrittenTarget.set(request, rewritten);
    var replaced = new StringBuilder();
    EncodedPath.append(replaced, path, 0, path.length());
    request.edits().set("x-replaced-path", replaced.toString());
    return outcome;
  }
}
