package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.HeadEdits;

/** What a backend for errors is told about the error (ingress-nginx's custom error pages). */
public final class ErrorFields {
  private ErrorFields() {}

  /** Adds them. */
  public static void add(HeadEdits edits, FilterRequest request, int status) {
    var origin = request.route().origin();
    var accept = request.head().fields().first("accept");
    edits.set("x-code", Integer.toString(status));
    edits.set("x-format", accept == null ? "" : accept);
    edits.set("x-original-uri", request.head().target());
    edits.set("x-namespace", origin.namespace());
    edits.set("x-ingress-name", origin.ingress());
    edits.set("x-service-name", origin.service());
    edits.set("x-service-port", origin.port());
    addRequestId(edits, request);
  }

  /** What the backend is told, too. */
  static void addRequestId(HeadEdits edits, FilterRequest request) {
    var id = request.requestId();
    if (!id.isEmpty()) {
      edits.set("x-request-id", id);
    }
  }
}
