package dev.weir.dataplane.telemetry;

/**
 * A request that is over, as far as it is counted; the exchange itself may implement it. Read
 * during the call only. Times are nanoseconds.
 */
public interface RequestSample {
  /** What did not happen: no upstream was asked, no reply came. */
  long NONE = -1;

  /** Those of the route that it took, or of the built-in 404. */
  RouteCounters counters();

  String method();

  /** The status sent to the client; 499 if it left before. */
  int status();

  /** The host that it named, canonical; may be empty. */
  String host();

  /** Name of the alternative upstream that it was sent to; empty for the main one. */
  default String canary() {
    return "";
  }

  /** From its first byte to the last byte of the reply. */
  long requestNanos();

  /** Connecting to the upstream; 0 for a reused connection, {@link #NONE} without upstream. */
  long connectNanos();

  /** From the begin of connecting to the head of the upstream's reply, or {@link #NONE}. */
  long headerNanos();

  /** From the begin of connecting to the end of the upstream's reply, or {@link #NONE}. */
  long responseNanos();

  /** Bytes received, head included. */
  long requestBytes();

  /** Bytes sent, head included. */
  long replyBytes();
}
