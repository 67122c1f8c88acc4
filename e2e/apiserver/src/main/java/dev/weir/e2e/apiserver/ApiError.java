package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that is answered with a {@code Status} object. */
final class ApiError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  ApiError(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  static ApiError expired(String message) {
    return new ApiError(410, "Expired", message);
  }

  static ApiError notFound(ApiRequest request) {
    var message = request.resource() + " \"" + request.name() + "\" not found";
    return new ApiError(404, "NotFound", message);
  }

  Reply reply() {
    return Reply.json(code, status(code, reason, String.valueOf(getMessage())));
  }

  static ObjectNode status(int code, String reason, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", code < 300 ? "Success" : "Failure")
        .put("message", message)
        .put("reason", reason)
        .put("code", code);
  }
}
