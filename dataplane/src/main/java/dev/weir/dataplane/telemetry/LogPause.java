package dev.weir.dataplane.telemetry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps lines of one kind apart in time: what fails may fail for every request, and the loops must
 * not write as many lines. May be used by all event loops.
 */
public final class LogPause {
  private static final long USUAL = TimeUnit.MILLISECONDS.toNanos(200);

  private final LongSupplier clock;
  private final long length;
  private final AtomicLong saidAt;
  private final AtomicLong unsaid = new AtomicLong();

  /**
   * Five lines a second at most; the first may be written at once.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  public LogPause(LongSupplier clock) {
    this(clock, USUAL);
  }

  /**
   * The first line may be written at once.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   * @param length of the pause in nanoseconds
   */
  public LogPause(LongSupplier clock, long length) {
    this.clock = clock;
    this.length = length;
    this.saidAt = new AtomicLong(clock.getAsLong() - 2 * length);
  }

  /** How many lines weren't written since the last one; -1 if this one isn't, either. */
  public long begin() {
    long now = clock.getAsLong();
    long last = saidAt.get();
    if (now - last > length && saidAt.compareAndSet(last, now)) {
      return unsaid.getAndSet(0);
    }
    unsaid.incrementAndGet();
    return -1;
  }
}
