package dev.weir.dataplane.overload;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Has the heap collected while it counts as full: with less traffic the collector may not run for
 * long, and what it found last would count for as long. Each time it didn't help, the next one is
 * later, unless the heap got fuller meanwhile. While requests are refused there may be no traffic
 * at all to have it collected, and none that a collection could hold up: then none is much later
 * than the one before. Owned by the overload thread.
 */
final class HeapCollections {
  private static final long FIRST = TimeUnit.SECONDS.toNanos(3);
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(10);

  /** While requests are refused. */
  private static final long LONGEST_REFUSED = TimeUnit.SECONDS.toNanos(10);

  /** The pause is so many times what a collection took, at least: a large heap takes seconds. */
  private static final int TIMES = 10;

  private final Runnable collector;
  private final LongSupplier clock;
  private Rung before = Rung.NORMAL;
  private long askedAt;
  private long pause = FIRST;
  private long took;

  HeapCollections() {
    this(System::gc, System::nanoTime);
  }

  /**
   * One that has nothing collected yet.
   *
   * @param clock tells what a collection takes, in nanoseconds
   */
  HeapCollections(Runnable collector, LongSupplier clock) {
    this.collector = collector;
    this.clock = clock;
  }

  /** Tells where the heap's ladder stands. */
  void ask(Rung heap, long now) {
    boolean worse = heap.compareTo(before) > 0;
    before = heap;
    if (heap == Rung.NORMAL) {
      return;
    }
    if (worse) {
      askedAt = now;
      pause = FIRST;
    } else if (now - askedAt >= due(heap)) {
      askedAt = now;
      pause = Math.min(LONGEST, pause * 2);
      collect();
    }
  }

  private long due(Rung heap) {
    boolean refused = heap.compareTo(Rung.SHED) >= 0;
    return Math.max(refused ? Math.min(pause, LONGEST_REFUSED) : pause, TIMES * took);
  }

  private void collect() {
    long begun = clock.getAsLong();
    collector.run();
    took = clock.getAsLong() - begun;
  }
}
