package dev.weir.dataplane.overload;

import java.util.concurrent.TimeUnit;

/**
 * Has the heap collected while it counts as full: with less traffic the collector may not run for
 * long, and what it found last would count for as long. Each time it didn't help, the next one is
 * later. Owned by the overload thread.
 */
final class HeapCollections {
  private static final long FIRST = TimeUnit.SECONDS.toNanos(3);
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(10);

  private final Runnable collector;
  private boolean waiting;
  private long askedAt;
  private long pause = FIRST;

  HeapCollections() {
    this(System::gc);
  }

  HeapCollections(Runnable collector) {
    this.collector = collector;
  }

  /** Tells where the heap's ladder stands. */
  void ask(Rung heap, long now) {
    if (heap == Rung.NORMAL) {
      waiting = false;
      pause = FIRST;
    } else if (!waiting) {
      waiting = true;
      askedAt = now;
    } else if (now - askedAt >= pause) {
      askedAt = now;
      pause = Math.min(LONGEST, pause * 2);
      collector.run();
    }
  }
}
