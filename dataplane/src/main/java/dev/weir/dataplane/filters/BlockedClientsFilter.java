package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.BlockList;
import dev.weir.dataplane.model.BlockedClients;
import dev.weir.dataplane.model.PatternException;

/**
 * Answers 403 to user agents and referers that are blocked; every line of a repeated field counts,
 * and one that is absent counts as empty.
 */
record BlockedClientsFilter(BlockList userAgents, BlockList referers) implements RouteFilter {
  private static final FilterOutcome FORBIDDEN = new FilterOutcome.Reply(LocalReply.page(403));

  /** Nobody gets past lists that can't be read. */
  static RouteFilter of(BlockedClients settings) {
    try {
      return new BlockedClientsFilter(
          BlockList.parse(settings.userAgents()), BlockList.parse(settings.referers()));
    } catch (PatternException e) {
      return new Closed();
    }
  }

  /** Answers 503, always. */
  private record Closed() implements RouteFilter {
    @Override
    public FilterPhase phase() {
      return FilterPhase.HOST;
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return new FilterOutcome.Reply(LocalReply.page(503));
    }
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.HOST;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return refuses(userAgents, request, "user-agent") || refuses(referers, request, "referer")
        ? FORBIDDEN
        : FilterOutcome.Continue.CONTINUE;
  }

  private static boolean refuses(BlockList list, FilterRequest request, String name) {
    if (list.isEmpty()) {
      return false;
    }
    var lines = request.head().fields().all(name);
    if (lines.isEmpty()) {
      return list.refuses("");
    }
    for (int i = 0; i < lines.size(); i++) {
      if (list.refuses(lines.get(i))) {
        return true;
      }
    }
    return false;
  }
}
