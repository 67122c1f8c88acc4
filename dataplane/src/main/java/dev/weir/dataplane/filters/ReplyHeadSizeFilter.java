package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.ReplyHeadSize;

/** Allows replies larger heads. */
record ReplyHeadSizeFilter(ReplyHeadSize settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.BODY_SIZE;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    request.allowReplyHead(settings.bytes());
    return FilterOutcome.Continue.CONTINUE;
  }
}
