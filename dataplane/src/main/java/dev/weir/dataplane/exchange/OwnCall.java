package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.SubRequest;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.upstream.SubCall;

/**
 * A request of our own on behalf of an exchange: a listener that fails must not leave the exchange
 * waiting. Owned by the exchange's event loop.
 */
record OwnCall(Exchange exchange, ExchangeServices services, SubRequest.Listener listener)
    implements SubRequest.Listener {

  FilterOutcome.Handle start(SubRequest request) {
    var loop = exchange.client().downstream().loop();
    return SubCall.start(services.streams(), loop, request, this);
  }

  @Override
  public void onReply(ReplyHead reply) {
    try {
      listener.onReply(reply);
    } catch (RuntimeException e) {
      exchange.fail(new ProxyError.LocalFault(e));
    }
  }

  @Override
  public void onFailure(String why) {
    services.reportCall(why, exchange.route());
    try {
      listener.onFailure(why);
    } catch (RuntimeException e) {
      exchange.fail(new ProxyError.LocalFault(e));
    }
  }
}
