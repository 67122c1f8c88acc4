package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.ErrorFilter;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.SubRequestHead;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.model.ErrorPages;
import org.jspecify.annotations.Nullable;

/**
 * Asks a backend for errors in the place of some replies ({@code custom-http-errors}): with GET, or
 * HEAD for HEAD, for {@code /}, without the body of the request, which may be gone by then. Its
 * reply is sent whatever its status.
 */
record ErrorPagesFilter(ErrorPages settings) implements ErrorFilter {
  private static final int LEAST_OWN = 400;
  private static final Own NOT_FOUND = new Own(LocalReply.page(404));

  /**
   * What belongs to the page that was asked for, or is a secret between the client and the backend.
   */
  private static final String[] NOT_PASSED = {
    "authorization",
    "content-length",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "proxy",
    "range"
  };

  @Override
  public FilterPhase phase() {
    return FilterPhase.BACKEND;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public @Nullable Substitute onStatus(FilterRequest request, int status, boolean own) {
    boolean wanted = own ? status >= LEAST_OWN : settings.upstreamReplies();
    if (!wanted || !settings.statuses().contains(status)) {
      return null;
    }
    var backend = settings.backend();
    if (backend == null) {
      return NOT_FOUND;
    }
    var head = request.head();
    var method = head.method().equals("HEAD") ? "HEAD" : "GET";
    var edits = new HeadEdits();
    for (var name : NOT_PASSED) {
      edits.remove(name);
    }
    edits.set("x-real-ip", request.clientAddress());
    edits.set("x-forwarded-for", request.clientAddress());
    ErrorFields.add(edits, request, status);
    TracingFilter.tell(edits, request);
    return new Asked(
        backend, new SubRequestHead(method, "/", request.authority(), head.fields()), edits);
  }
}
