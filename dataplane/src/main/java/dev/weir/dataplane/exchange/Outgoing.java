package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filters.ErrorFields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.upstream.StreamSource;

/** What is sent upstream, and where. */
record Outgoing(UpstreamId upstream, RequestHead head, HeadEdits edits) {
  /** A client's request, or the same for the default backend while there is no endpoint. */
  static Outgoing of(RouteAction.Forward action, FilterRequest request, StreamSource streams) {
    var upstream = action.upstream();
    if (action.otherwise() instanceof RouteAction.StandIn(var standIn)
        && !streams.hasEndpoints(upstream)) {
      upstream = standIn;
      ErrorFields.add(request.edits(), request, 503);
    }
    return new Outgoing(upstream, request.head(), request.edits());
  }
}
