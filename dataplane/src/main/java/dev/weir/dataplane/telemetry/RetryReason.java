package dev.weir.dataplane.telemetry;

/** Why a request is tried again. */
public enum RetryReason {
  /** The connect failed; nothing was sent. */
  CONNECT_FAILED("connect_failed"),
  /** The connect took too long; nothing was sent. */
  CONNECT_TIMEOUT("connect_timeout"),
  /** A reused connection died before the first byte of the reply. */
  DEAD_CONNECTION("dead_connection");

  private final String label;

  RetryReason(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
