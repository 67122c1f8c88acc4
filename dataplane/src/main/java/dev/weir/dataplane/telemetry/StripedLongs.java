package dev.weir.dataplane.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Many counters that are raised together. They stay one small array while no two threads collide on
 * it; once they do, each thread gets its own copy and a sum goes over all of them. So a host with
 * few requests costs little memory, and a busy one doesn't make event loops wait for each other's
 * cache lines.
 *
 * <p>Safe on every thread.
 */
final class StripedLongs {
  private static final int STRIPES =
      Math.min(16, Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 2 - 1));

  private final AtomicLongArray first;
  private volatile @Nullable AtomicReferenceArray<@Nullable AtomicLongArray> stripes;

  StripedLongs(int width) {
    first = new AtomicLongArray(width);
  }

  void add(int index, long delta) {
    var spread = stripes;
    if (spread == null) {
      long value = first.get(index);
      if (first.compareAndSet(index, value, value + delta)) {
        return;
      }
      spread = spread();
    }
    own(spread).getAndAdd(index, delta);
  }

  long sum(int index) {
    long sum = first.get(index);
    var spread = stripes;
    if (spread != null) {
      for (int i = 0; i < spread.length(); i++) {
        var stripe = spread.get(i);
        sum += stripe == null ? 0 : stripe.get(index);
      }
    }
    return sum;
  }

  private synchronized AtomicReferenceArray<@Nullable AtomicLongArray> spread() {
    var spread = stripes;
    if (spread == null) {
      spread = new AtomicReferenceArray<>(STRIPES);
      stripes = spread;
    }
    return spread;
  }

  /** The calling thread's copy. Event loops are made one after the other, so their ids differ. */
  private AtomicLongArray own(AtomicReferenceArray<@Nullable AtomicLongArray> spread) {
    int place = (int) Thread.currentThread().threadId() & (spread.length() - 1);
    var stripe = spread.get(place);
    if (stripe == null) {
      spread.compareAndSet(place, null, new AtomicLongArray(first.length()));
      stripe = spread.get(place);
    }
    return stripe == null ? first : stripe;
  }
}
