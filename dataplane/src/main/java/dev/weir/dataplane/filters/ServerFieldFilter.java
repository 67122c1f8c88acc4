package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.ServerField;

/** Says who serves: the backend, else the proxy, without a version. */
record ServerFieldFilter(ServerField settings) implements ReplyFilter {
  private static final String NAME = FieldName.SERVER.text();

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
    // The serializer leaves the received line out.
    var theirs = settings.backends() ? reply.fields().first(NAME) : null;
    if (theirs != null) {
      edits.set(NAME, theirs);
    } else if (settings.ours()) {
      edits.set(NAME, "weir");
    }
  }
}
