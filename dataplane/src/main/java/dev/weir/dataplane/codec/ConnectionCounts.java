package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.ConnectionMetrics;
import dev.weir.dataplane.telemetry.ConnectionMetrics.State;
import org.jspecify.annotations.Nullable;

/** Tells the metrics what one client connection does. Owned by its event loop. */
final class ConnectionCounts {
  private final ConnectionMetrics metrics;
  private State state = State.WAITING;
  private long number;
  private int requests;

  ConnectionCounts(ConnectionMetrics metrics) {
    this.metrics = metrics;
  }

  void opened() {
    number = metrics.opened();
  }

  /** A number that no other connection has. */
  long number() {
    return number;
  }

  void closed() {
    metrics.closed(state);
  }

  /** The head of a request was read. */
  void request() {
    requests++;
    metrics.request();
  }

  /** Requests so far. */
  int requests() {
    return requests;
  }

  void enter(State now) {
    metrics.moved(state, now);
    state = now;
  }

  /** Counts the bytes of a request that is over. */
  void over(@Nullable Http1ServerStream stream) {
    if (stream != null) {
      metrics.read(stream.bytesReceived());
      metrics.written(stream.bytesSent());
    }
  }
}
