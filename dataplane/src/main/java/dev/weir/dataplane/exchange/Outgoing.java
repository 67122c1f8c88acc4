package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filters.ErrorFields;
import dev.weir.dataplane.model.RouteAction;
import java.util.Objects;

/** Where a client's request is sent, and what is spoken there. */
final class Outgoing {
  private Outgoing() {}

  /**
   * To the route's upstream, or while it has no endpoint to the default backend, which is told why,
   * by HTTP.
   */
  static Forwarding forwarding(RouteAction.Forward action, Exchange exchange) {
    var head = exchange.head();
    var edits = exchange.edits();
    var upstream = action.upstream();
    if (action.otherwise() instanceof RouteAction.StandIn(var standIn)
        && !exchange.services().streams().hasEndpoints(upstream)) {
      ErrorFields.add(edits, exchange, 503);
      return new Forwarding(exchange, standIn, null, head, edits);
    }
    // Where TLS is to be spoken and isn't to be had, the request fails: never in plain text.
    var tls =
        action.scheme().encrypts(exchange.tls())
            ? Objects.requireNonNull(exchange.plan().tls(), "TLS")
            : null;
    return new Forwarding(exchange, upstream, tls, head, edits);
  }
}
