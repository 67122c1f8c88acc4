package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.ConnectionMetrics;
import dev.weir.dataplane.telemetry.ConnectionMetrics.State;
import org.jspecify.annotations.Nullable;

/** Tells the metrics what one client connection does. Owned by its event loop. */
public final class ConnectionCounts {
  private final ConnectionMetrics metrics;
  private State state = State.WAITING;
  private long number;
  private long openedAt;
  private int requests;

  public ConnectionCounts(ConnectionMetrics metrics) {
    this.metrics = metrics;
  }

  /** The connection is there; told once or more often. */
  public void opened() {
    if (number == 0) {
      number = metrics.opened();
      openedAt = System.nanoTime();
    }
  }

  /** What is left of a time in nanoseconds that began with the connection. */
  public long left(long nanos) {
    return Math.max(0, nanos - (System.nanoTime() - openedAt));
  }

  /** A number that no other connection has. */
  long number() {
    return number;
  }

  /** The connection is gone. */
  public void closed() {
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
  void over(@Nullable ServerStream stream) {
    if (stream != null) {
      metrics.read(stream.bytesReceived());
      metrics.written(stream.bytesSent());
    }
  }
}
