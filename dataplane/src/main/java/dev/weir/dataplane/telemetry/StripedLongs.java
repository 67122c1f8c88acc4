package dev.weir.dataplane.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int STRIPES =
      Math.min(16, Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 2 - 1));

  // A plain array: one step from here, where an atomic one would be a second object on the way.
  private final long[] first;
  private volatile @Nullable AtomicReferenceArray<long @Nullable []> stripes;

  StripedLongs(int width) {
    first = new long[width];
  }

  void add(int index, long delta) {
    var spread = stripes;
    if (spread == null) {
      long value = get(first, index);
      if (ELEMENT.compareAndSet(first, index, value, value + delta)) {
        return;
      }
      spread = spread();
    }
    ELEMENT.getAndAdd(own(spread), index, delta);
  }

  long sum(int index) {
    long sum = get(first, index);
    var spread = stripes;
    if (spread != null) {
      for (int i = 0; i < spread.length(); i++) {
        var stripe = spread.get(i);
        sum += stripe == null ? 0 : get(stripe, index);
      }
    }
    return sum;
  }

  private static long get(long[] values, int index) {
    return (long) ELEMENT.getOpaque(values, index);
  }

  private synchronized AtomicReferenceArray<long @Nullable []> spread() {
    var spread = stripes;
    if (spread == null) {
      spread = new AtomicReferenceArray<>(STRIPES);
      stripes = spread;
    }
    return spread;
  }

  /** The calling thread's copy. Event loops are made one after the other, so their ids differ. */
  private long[] own(AtomicReferenceArray<long @Nullable []> spread) {
    int place = (int) Thread.currentThread().threadId() & (spread.length() - 1);
    var stripe = spread.get(place);
    if (stripe == null) {
      spread.compareAndSet(place, null, new long[first.length]);
      stripe = spread.get(place);
    }
    return stripe == null ? first : stripe;
  }
}
