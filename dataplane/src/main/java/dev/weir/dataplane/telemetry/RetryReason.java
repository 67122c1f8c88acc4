package dev.weir.dataplane.telemetry;

/** Why a request is tried again. */
public enum RetryReason {
  /** The connect failed; nothing was sent. */
  CONNECT_FAILED("connect_failed"),
  /** The connect took too long; nothing was sent. */
  CONNECT_TIMEOUT("connect_timeout"),
  /** A reused connection died before the first byte of the reply. */
  DEAD_CONNECTION("dead_connection"),
  /** A new connection ended before the reply's head was complete. */
  CLOSED("closed"),
  /** The endpoint took no bytes or sent none for the time allowed. */
  TIMEOUT("timeout"),
  /** What came was no HTTP reply. */
  INVALID_REPLY("invalid_reply"),
  /** A reply of a 5xx status that the route wants repeated. */
  SERVER_ERROR_STATUS("status_5xx"),
  /** A reply of a 4xx status that the route wants repeated. */
  CLIENT_ERROR_STATUS("status_4xx");

  private final String label;

  RetryReason(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
