package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.ReplyRate;

/** Has the reply's body sent at no more than a rate. */
record ReplyRateFilter(ReplyRate settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.REQUEST_LIMIT;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    request.limitReplyRate(settings);
    return FilterOutcome.Continue.CONTINUE;
  }
}
