package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.HiddenFields;

/** Takes fields out of upstreams' replies; what the proxy itself says of that name stays. */
record HiddenFieldsFilter(HiddenFields settings) implements ReplyFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.HOST;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    var names = settings.names();
    for (int i = 0; i < names.size(); i++) {
      if (reply.fields().contains(names.get(i))) {
        edits.remove(names.get(i));
      }
    }
  }
}
