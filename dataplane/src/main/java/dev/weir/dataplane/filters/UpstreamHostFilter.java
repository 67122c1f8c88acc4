package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.HostName;
import dev.weir.dataplane.model.UpstreamHost;

/**
 * Sets the Host that the backend is asked under. What a client makes of it by way of variables must
 * be a host, else the request is refused.
 */
record UpstreamHostFilter(UpstreamHost settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.REWRITE;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    var host = request.evaluate(settings.host());
    if (HostName.of(host) == null) {
      return new FilterOutcome.Reply(LocalReply.page(400));
    }
    request.edits().set("host", host);
    return FilterOutcome.Continue.CONTINUE;
  }
}
