package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.UpstreamForm;

/**
 * Gives the request to the upstream its form. HTTP/1.0 has no way to send a body whose length isn't
 * known (RFC 9112 6.1), and bodies are not gathered: such a request is answered 411.
 */
record UpstreamFormFilter(UpstreamForm settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.REWRITE;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    if (settings.form().http10() && request.head().bodyLength() == RequestHead.UNKNOWN_LENGTH) {
      return new FilterOutcome.Reply(LocalReply.page(411));
    }
    request.edits().form(settings.form());
    return FilterOutcome.Continue.CONTINUE;
  }
}
