package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.upstream.UpstreamFailure;

/** The one place where an error becomes a status (ingress-nginx.md 4.10, hardening.md 3). */
final class ErrorReplies {
  private ErrorReplies() {}

  static LocalReply of(ProxyError error) {
    return switch (error) {
      case ProxyError.ClientFault(var refusal) -> LocalReply.page(refusal.status()).closing();
      case ProxyError.UpstreamFault(var failure) -> of(failure);
      case ProxyError.LocalFault fault -> LocalReply.page(500).closing();
    };
  }

  static LocalReply of(UpstreamFailure failure) {
    return switch (failure.kind()) {
      case NO_ENDPOINT, OVERLOADED ->
          LocalReply.page(503).with("retry-after", OwnAnswer.RETRY_AFTER);
      case CONNECT_TIMEOUT, READ_TIMEOUT, SEND_TIMEOUT -> LocalReply.page(504);
      case ENDPOINT_GONE, CONNECT_FAILED, CLOSED_BEFORE_REPLY, CLOSED_IN_REPLY, MALFORMED_REPLY ->
          LocalReply.page(502);
    };
  }
}
