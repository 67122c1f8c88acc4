package dev.weir.dataplane.codec;

import java.util.concurrent.TimeUnit;

/**
 * Whether a connection of HTTP/1 outlives a reply (RFC 9112 9.3), and how long it then waits for
 * the next request. Owned by its event loop; times in nanoseconds.
 */
final class Http1KeepAlive {
  /** How long it waits while the proxy is about to end. */
  private static final long DRAINING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private boolean over;
  private long idleSince = System.nanoTime();
  private boolean idle = true;

  /** Whether no other request is read. */
  boolean over() {
    return over;
  }

  /** No other request is read, whatever was decided. */
  void end() {
    over = true;
  }

  /**
   * Decides whether the connection outlives a reply, at its head.
   *
   * @param wanted whether the client wants that, and nothing of the request is in the way
   * @param requests so far
   */
  boolean decide(boolean wanted, ServerLimits limits, int requests) {
    boolean more = limits.keepAliveRequests() == 0 || requests < limits.keepAliveRequests();
    over |= !(wanted && !limits.draining() && more);
    return !over;
  }

  /** A request is over; says how long the next one is waited for. */
  long pause(ServerLimits limits) {
    idle = true;
    idleSince = System.nanoTime();
    return limits.draining() ? DRAINING_NANOS : limits.keepAlive();
  }

  /** The proxy is about to end; says how much longer the next request is waited for. */
  long drain() {
    return Math.max(0, DRAINING_NANOS - (System.nanoTime() - idleSince));
  }

  /** The next request has begun; whether that is news. */
  boolean begins() {
    boolean news = idle;
    idle = false;
    return news;
  }
}
