package dev.weir.dataplane.upstream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps requests away from an endpoint that can't be connected to, for a short and growing time.
 * When that time is over, one request tries it; the others follow once that one succeeded.
 *
 * <p>Shared by all event loops. Times are {@link System#nanoTime} values.
 */
final class ConnectBackoff {
  private static final long FIRST = 250_000_000L;
  private static final long LONGEST = 10_000_000_000L;
  private static final int MAX_DOUBLINGS = 6;

  /** While a trial is under way others stay away; as long as one connect may take. */
  private static final long TRIAL = 2_000_000_000L;

  private final AtomicLong avoidUntil = new AtomicLong();
  private volatile int failures;
  private volatile long failedAt;

  /** Whether a request may go there now. The one that hears yes after a back-off is the trial. */
  boolean admits(long now) {
    if (failures == 0) {
      return true;
    }
    long until = avoidUntil.get();
    return now - until >= 0 && avoidUntil.compareAndSet(until, now + TRIAL);
  }

  /** Whether there was no failure since the last success. */
  boolean healthy() {
    return failures == 0;
  }

  void succeeded() {
    if (failures != 0) {
      failures = 0;
    }
  }

  /** Counts a failed connect; those begun before the last failure tell nothing new. */
  synchronized void failed(long begunAt, long now) {
    if (failures > 0 && begunAt - failedAt < 0) {
      return;
    }
    long wait = Math.min(LONGEST, FIRST << Math.min(failures, MAX_DOUBLINGS));
    avoidUntil.set(now + wait);
    failedAt = now;
    failures++;
  }
}
