package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.SubRequest;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.upstream.SubCall;
import org.jspecify.annotations.Nullable;

/**
 * A request of our own on behalf of an exchange: a listener or a log line that fails must not leave
 * the exchange waiting. Where the ConfigMap wants it, it has a line of its own in the access log,
 * before the client's. Owned by the exchange's event loop.
 *
 * @param record null where it isn't logged
 */
record OwnCall(
    Exchange exchange,
    ExchangeServices services,
    SubRequest.Listener listener,
    @Nullable ExchangeRecord record)
    implements SubRequest.Listener {

  static FilterOutcome.Handle start(
      Exchange exchange,
      ExchangeServices services,
      SubRequest request,
      SubRequest.Listener listener) {
    boolean logged = exchange.settings().accessLog().authRequests();
    var record = logged ? new ExchangeRecord(exchange.plan()) : null;
    var call = new OwnCall(exchange, services, listener, record);
    var client = exchange.client();
    var loop = client.downstream().loop();
    if (record == null) {
      return SubCall.start(services.streams(), loop, client, request, call);
    }
    record.begin(exchange.plan(), exchange.head());
    var streams = new LoggedStreams(services.streams(), record);
    return SubCall.start(streams, loop, client, request, call);
  }

  @Override
  public void onReply(ReplyHead reply) {
    try {
      if (record != null) {
        record.onReply(reply.status());
        services.onCallEnd(record, exchange.client(), exchange);
      }
      listener.onReply(reply);
    } catch (RuntimeException e) {
      exchange.fail(new ProxyError.LocalFault(e));
    }
  }

  @Override
  public void onFailure(String why) {
    try {
      services.reportCall(why, exchange.route());
      if (record != null) {
        record.onNoReply();
        services.onCallEnd(record, exchange.client(), exchange);
      }
      listener.onFailure(why);
    } catch (RuntimeException e) {
      exchange.fail(new ProxyError.LocalFault(e));
    }
  }
}
