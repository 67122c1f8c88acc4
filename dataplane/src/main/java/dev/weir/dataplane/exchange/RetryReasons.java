package dev.weir.dataplane.exchange;

import dev.weir.dataplane.telemetry.RetryReason;
import dev.weir.dataplane.upstream.UpstreamFailure;

/** What a retry is counted as. */
final class RetryReasons {
  private RetryReasons() {}

  static RetryReason of(UpstreamFailure failure, boolean reused) {
    return switch (failure.kind()) {
      case CONNECT_FAILED, NO_ENDPOINT, OVERLOADED, ENDPOINT_GONE -> RetryReason.CONNECT_FAILED;
      case CONNECT_TIMEOUT -> RetryReason.CONNECT_TIMEOUT;
      case CLOSED_BEFORE_REPLY, CLOSED_IN_REPLY ->
          reused ? RetryReason.DEAD_CONNECTION : RetryReason.CLOSED;
      case READ_TIMEOUT, SEND_TIMEOUT -> RetryReason.TIMEOUT;
      case MALFORMED_REPLY -> RetryReason.INVALID_REPLY;
    };
  }

  /** A reply of a status that the route wants repeated. */
  static RetryReason of(int status) {
    return status >= 500 ? RetryReason.SERVER_ERROR_STATUS : RetryReason.CLIENT_ERROR_STATUS;
  }
}
