package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.RequestLimit;

/** Refuses a client's requests beyond its rate. Its buckets are its scope's. */
final class RequestLimitFilter implements RouteFilter {
  private final AddressSet exempt;
  private final LeakyBuckets buckets;
  private final LeakyBuckets.Rate second;
  private final LeakyBuckets.Rate minute;
  private final FilterOutcome refusal;

  RequestLimitFilter(RequestLimit settings, FilterServices services) {
    exempt = settings.exempt();
    buckets =
        services
            .shared()
            .of(LeakyBuckets.Registry.class, LeakyBuckets.Registry::new)
            .of(settings.scope(), services.nanoTime());
    second = LeakyBuckets.Rate.perSecond(settings.perSecond(), settings.burst());
    minute = LeakyBuckets.Rate.perMinute(settings.perMinute(), settings.burst());
    refusal = new FilterOutcome.Reply(LocalReply.page(settings.status()));
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.REQUEST_LIMIT;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return passes(request.from().address()) ? FilterOutcome.Continue.CONTINUE : refusal;
  }

  private boolean passes(IpAddress client) {
    return exempt.contains(client) || buckets.take(client, second, minute);
  }
}
