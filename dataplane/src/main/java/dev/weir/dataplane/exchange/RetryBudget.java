package dev.weir.dataplane.exchange;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Keeps retries from multiplying an outage: of the requests to one upstream in the last ten seconds
 * at most a fifth may be repeated, but always three a second (hardening.md 5.1).
 *
 * <p>Counts by seconds, in a ring. Shared by all loops without locks; a count that falls between
 * two turns of a slot may be lost, which is harmless.
 */
public final class RetryBudget {
  private static final int SECONDS = 10;
  private static final int SLOTS = 16;
  private static final int SHARE = 5;
  private static final int ALWAYS = 3 * SECONDS;

  private final LongSupplier nanoClock;
  private final AtomicLongArray seconds = new AtomicLongArray(SLOTS);
  private final AtomicIntegerArray requests = new AtomicIntegerArray(SLOTS);
  private final AtomicIntegerArray retries = new AtomicIntegerArray(SLOTS);

  public RetryBudget(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Counts a request. */
  void onRequest() {
    requests.incrementAndGet(slot(second()));
  }

  /** Takes a retry out of the budget; false if there is none left. */
  boolean tryRetry() {
    long now = second();
    int slot = slot(now);
    int allowed = 0;
    int used = 0;
    for (int i = 0; i < SLOTS; i++) {
      if (now - seconds.get(i) < SECONDS) {
        allowed += requests.get(i);
        used += retries.get(i);
      }
    }
    if (used >= Math.max(ALWAYS, allowed / SHARE)) {
      return false;
    }
    retries.incrementAndGet(slot);
    return true;
  }

  private long second() {
    return TimeUnit.NANOSECONDS.toSeconds(nanoClock.getAsLong());
  }

  private int slot(long second) {
    int slot = (int) (second & SLOTS - 1);
    long before = seconds.get(slot);
    if (before != second && seconds.compareAndSet(slot, before, second)) {
      requests.set(slot, 0);
      retries.set(slot, 0);
    }
    return slot;
  }
}
