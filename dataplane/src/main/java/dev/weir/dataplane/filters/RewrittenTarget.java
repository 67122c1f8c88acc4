package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.http.CanonicalPath;

/** Sends a path that a filter made in place of the received one. */
final class RewrittenTarget {
  /** For paths that can't be made. */
  static final FilterOutcome REFUSED = new FilterOutcome.Reply(LocalReply.page(400));

  private RewrittenTarget() {}

  /**
   * Sends {@code path} with the query as received. Dot segments that came together only by
   * rewriting would lead the backend out of what the route leads to, so such a request is refused.
   *
   * @param path percent-encoded; a slash is put in front if there is none
   */
  static FilterOutcome set(FilterRequest request, StringBuilder path) {
    if (path.isEmpty() || path.charAt(0) != '/') {
      path.insert(0, '/');
    }
    var text = path.toString();
    if (CanonicalPath.ifPlain(text) == null
        && !(CanonicalPath.of(text) instanceof CanonicalPath.Ok ok && !ok.hadDotSegments())) {
      return REFUSED;
    }
    request.edits().target(appendQuery(path, request).toString());
    return FilterOutcome.Continue.CONTINUE;
  }

  /** Appends the query as received, with its question mark. */
  static StringBuilder appendQuery(StringBuilder to, FilterRequest request) {
    var received = request.head().target();
    int query = received.indexOf('?');
    return query < 0 ? to : to.append(received, query, received.length());
  }
}
