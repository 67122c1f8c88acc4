package dev.weir.dataplane.upstream;

/**
 * Why an upstream stream failed, as far as status and retry depend on it.
 *
 * @param detail for the log, never for a client
 */
public record UpstreamFailure(Kind kind, String detail) {
  /** The point of failure. */
  public enum Kind {
    /** No endpoint could be chosen. */
    NO_ENDPOINT,
    /** The upstream has as many requests or connections as it may; nothing was sent. */
    OVERLOADED,
    /**
     * The chosen endpoint left its upstream, or its pooled connection ended, before anything was
     * sent: no fault of anybody, to be chosen again.
     */
    ENDPOINT_GONE,
    /** The connect was refused or unreachable; nothing was sent. */
    CONNECT_FAILED,
    /** The connect took too long; nothing was sent. */
    CONNECT_TIMEOUT,
    /** Closed or reset before the first byte of the reply. */
    CLOSED_BEFORE_REPLY,
    /** Closed or reset in the middle of the reply. */
    CLOSED_IN_REPLY,
    /** The reply broke the protocol. */
    MALFORMED_REPLY,
    /** No bytes for the read timeout. */
    READ_TIMEOUT,
    /** Took no bytes for the send timeout. */
    SEND_TIMEOUT;

    /** Whether an endpoint had the request and didn't serve it. */
    boolean leavesRequestUnserved() {
      return switch (this) {
        case CLOSED_BEFORE_REPLY, CLOSED_IN_REPLY, READ_TIMEOUT, SEND_TIMEOUT -> true;
        case NO_ENDPOINT,
            OVERLOADED,
            ENDPOINT_GONE,
            CONNECT_FAILED,
            CONNECT_TIMEOUT,
            MALFORMED_REPLY ->
            false;
      };
    }
  }
}
