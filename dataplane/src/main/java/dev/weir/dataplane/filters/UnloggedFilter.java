package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.RouteFilter;

/** Keeps requests out of the access log, however they end. */
enum UnloggedFilter implements RouteFilter {
  INSTANCE;

  @Override
  public FilterPhase phase() {
    return FilterPhase.HOST;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    request.keepOutOfLog();
    return FilterOutcome.Continue.CONTINUE;
  }
}
