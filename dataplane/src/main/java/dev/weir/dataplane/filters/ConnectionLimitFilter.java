package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.EndListener;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.ConnectionLimit;

/** Refuses a client's requests while it has enough in flight. Its counts are its scope's. */
final class ConnectionLimitFilter implements RouteFilter, EndListener {
  private final AddressSet exempt;
  private final int most;
  private final AddressCounts counts;
  private final FilterOutcome refusal;

  ConnectionLimitFilter(ConnectionLimit settings, FilterServices services) {
    exempt = settings.exempt();
    most = settings.most();
    counts =
        services
            .shared()
            .of(AddressCounts.Registry.class, AddressCounts.Registry::new)
            .of(settings.scope());
    refusal = new FilterOutcome.Reply(LocalReply.page(settings.status()));
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.CONNECTION_LIMIT;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    var client = request.from().address();
    if (exempt.contains(client)) {
      return FilterOutcome.Continue.CONTINUE;
    }
    if (!counts.enter(client, most)) {
      return refusal;
    }
    request.atEnd(this);
    return FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public void onEnd(FilterRequest request) {
    counts.leave(request.from().address());
  }
}
