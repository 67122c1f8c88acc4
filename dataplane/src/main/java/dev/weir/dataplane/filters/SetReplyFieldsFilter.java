package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.SetReplyFields;

/**
 * Sets fields of replies, also of those that the proxy makes. What the operator sets everywhere
 * gives way to what features of the route say, and those to the route's own fields.
 */
record SetReplyFieldsFilter(SetReplyFields settings) implements ReplyFilter {
  @Override
  public FilterPhase phase() {
    return settings.everywhere() ? FilterPhase.HOST : FilterPhase.BACKEND;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    var fields = settings.fields();
    for (int i = 0; i < fields.size(); i++) {
      var field = fields.get(i);
      var value = request.evaluateField(field.value());
      if (value.isEmpty()) {
        edits.remove(field.name());
      } else {
        edits.set(field.name(), value);
      }
    }
  }
}
