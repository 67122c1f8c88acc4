package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.AbuseReports;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import dev.weir.dataplane.telemetry.ConnectionMetrics.State;
import org.jspecify.annotations.Nullable;

/** Tells the metrics what one client connection does. Owned by its event loop. */
public final class ConnectionCounts {
  private final ConnectionMetrics metrics;
  private final ByteAccount account;
  private State state = State.WAITING;
  private long number;
  private long openedAt;
  private int requests;

  public ConnectionCounts(ConnectionMetrics metrics) {
    this.metrics = metrics;
    this.account = new ByteAccount(metrics);
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

  /** What the connection holds. */
  ByteAccount account() {
    return account;
  }

  /** A reply is complete: the client is one that takes replies, and may have us hold more. */
  void replied(ServerOutput output) {
    if (!account.trusted()) {
      account.trust();
      output.trust();
    }
  }

  /** What the client does too often. */
  AbuseReports abuse() {
    return metrics.abuse();
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
