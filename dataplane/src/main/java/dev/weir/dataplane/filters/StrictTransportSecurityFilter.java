package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.StrictTransportSecurity;

/**
 * Puts our {@code Strict-Transport-Security} in the place of the backend's on replies over TLS. A
 * browser must ignore it on others (RFC 6797 8.1), so they go without, whatever a proxy in front
 * says of the client's connection.
 */
record StrictTransportSecurityFilter(String value) implements ReplyFilter {
  StrictTransportSecurityFilter(StrictTransportSecurity settings) {
    this(settings.value());
  }

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
    if (request.tls()) {
      edits.set("strict-transport-security", value);
    }
  }
}
