package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filters.ErrorFields;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.upstream.StreamSource;

/** Where a client's request is sent. */
final class Outgoing {
  private Outgoing() {}

  /** The route's upstream, or while it has no endpoint the default backend, which is told why. */
  static UpstreamId upstream(
      RouteAction.Forward action, FilterRequest request, StreamSource streams) {
    var upstream = action.upstream();
    if (action.otherwise() instanceof RouteAction.StandIn(var standIn)
        && !streams.hasEndpoints(upstream)) {
      ErrorFields.add(request.edits(), request, 503);
      return standIn;
    }
    return upstream;
  }
}
