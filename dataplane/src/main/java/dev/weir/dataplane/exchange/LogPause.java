package dev.weir.dataplane.exchange;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps lines of one kind apart in time: what fails may fail for every request, and the loops must
 * not write as many lines. May be used by all event loops.
 */
final class LogPause {
  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final LongSupplier clock;
  private final AtomicLong saidAt;
  private final AtomicLong unsaid = new AtomicLong();

  /**
   * The first line may be written at once.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  LogPause(LongSupplier clock) {
    this.clock = clock;
    this.saidAt = new AtomicLong(clock.getAsLong() - 2 * NANOS);
  }

  /** How many lines weren't written since the last one; -1 if this one isn't, either. */
  long begin() {
    long now = clock.getAsLong();
    long last = saidAt.get();
    if (now - last > NANOS && saidAt.compareAndSet(last, now)) {
      return unsaid.getAndSet(0);
    }
    unsaid.incrementAndGet();
    return -1;
  }
}
