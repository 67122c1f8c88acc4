package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.EncodedPath;
import dev.weir.dataplane.model.AppRoot;

/** Redirects {@code /} to where the application begins, on the host and port that was asked. */
record AppRootFilter(AppRoot settings) implements RouteFilter {
  private static final int FOUND = 302;

  @Override
  public FilterPhase phase() {
    return FilterPhase.HOST;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    if (!request.head().path().equals("/")) {
      return FilterOutcome.Continue.CONTINUE;
    }
    var host = request.head().authority();
    // HTTP/1.0 without Host: the path alone says enough.
    var location = new StringBuilder();
    if (!host.isEmpty()) {
      location.append(request.tls() ? "https" : "http").append("://").append(host);
    }
    EncodedPath.appendPrintable(location, request.evaluate(settings.path()));
    return new FilterOutcome.Reply(LocalReply.redirect(FOUND, location.toString()));
  }
}
