package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.RouteRedirect;

/** Answers every request with the route's redirect. */
record RouteRedirectFilter(RouteRedirect settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.REDIRECT;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    var location = request.evaluate(settings.location());
    return new FilterOutcome.Reply(LocalReply.redirect(settings.status(), location));
  }
}
