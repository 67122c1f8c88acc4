package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.AddressAccess;
import dev.weir.dataplane.model.AddressSet;

/** Answers 403 to addresses that are denied or not allowed; what is denied is so in any case. */
record AddressAccessFilter(AddressSet denied, AddressSet allowed) implements RouteFilter {
  private static final FilterOutcome FORBIDDEN = new FilterOutcome.Reply(LocalReply.page(403));

  AddressAccessFilter(AddressAccess settings) {
    this(
        settings.denied().isEmpty() ? AddressSet.NONE : AddressSet.parse(settings.denied()),
        settings.allowed().isEmpty() ? AddressSet.ALL : AddressSet.parse(settings.allowed()));
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.ADDRESS_ACCESS;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    var client = request.from().address();
    return denied.contains(client) || !allowed.contains(client)
        ? FORBIDDEN
        : FilterOutcome.Continue.CONTINUE;
  }
}
