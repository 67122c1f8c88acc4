package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.BodyLimit;

/** Answers 413 to bodies above the limit: declared ones at once, others when they get there. */
record BodyLimitFilter(BodyLimit settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.BODY_SIZE;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    long limit = settings.bytes();
    long length = request.head().bodyLength();
    if (limit > 0 && length != 0) {
      if (length > limit) {
        return new FilterOutcome.Reply(LocalReply.page(413).closing());
      }
      request.limitBody(limit);
    }
    return FilterOutcome.Continue.CONTINUE;
  }
}
