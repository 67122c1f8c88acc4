package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.SetRequestFields;

/** Sets fields of what the upstream is sent; a value that comes to nothing takes the field away. */
record SetRequestFieldsFilter(SetRequestFields settings) implements RouteFilter {
  @Override
  public FilterPhase phase() {
    return FilterPhase.REWRITE;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    var fields = settings.fields();
    for (int i = 0; i < fields.size(); i++) {
      var field = fields.get(i);
      var value = request.evaluateField(field.value());
      request.edits().insist(field.name(), value.isEmpty() ? null : value);
    }
    return FilterOutcome.Continue.CONTINUE;
  }
}
