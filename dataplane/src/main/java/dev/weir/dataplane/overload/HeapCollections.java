package dev.weir.dataplane.overload;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Has the heap collected where that is to show what lives in it and the collector by itself doesn't
 * in time: a collection of all of it, which nothing runs beside.
 *
 * <ul>
 *   <li>While the heap counts as full: with less traffic the collector may not run for long, and
 *       what it found last would count for as long. Each time it didn't help, the next one is
 *       later, unless the heap got fuller meanwhile. While requests are refused there may be no
 *       traffic at all to have it collected, and none that a collection could hold up: then none is
 *       much later than the one before.
 *   <li>Before requests are refused for what may be garbage in part. Where it can't be collected so
 *       soon again, they aren't refused: what really is too full is collected by itself.
 *   <li>Once, when much is in use and nobody ever looked what of it lives.
 * </ul>
 *
 * <p>(Under G1 a collection beside the program, as {@code -XX:+ExplicitGCInvokesConcurrent} makes
 * of those that are asked for, would give back only regions in which nothing lives; of a heap in
 * which dead objects lay among live ones it gave nothing back, and without traffic no mixed
 * collections come after it. With traffic it needs not be asked.)
 *
 * <p>Owned by the overload thread.
 */
final class HeapCollections {
  private static final long FIRST = TimeUnit.SECONDS.toNanos(3);
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(10);

  /** While requests are refused. */
  private static final long LONGEST_REFUSED = TimeUnit.SECONDS.toNanos(10);

  /** The pause is so many times what a collection took, at least: a large heap takes seconds. */
  private static final int TIMES = 10;

  private final LiveHeap heap;
  private final Runnable collector;
  private final LongSupplier clock;
  private Rung before = Rung.NORMAL;
  private long knownAt;
  private long findings;
  private long pause = FIRST;
  private long took;
  private boolean collected;
  private long collectedAt;

  HeapCollections(LiveHeap heap) {
    this(heap, System::gc, System::nanoTime);
  }

  /**
   * One that has nothing collected yet.
   *
   * @param clock tells what a collection takes, in nanoseconds
   */
  HeapCollections(LiveHeap heap, Runnable collector, LongSupplier clock) {
    this.heap = heap;
    this.collector = collector;
    this.clock = clock;
  }

  /**
   * What lives in the heap, good enough for what would be done for it.
   *
   * @param rung where the heap's ladder stands
   */
  double reading(Rung rung, long now) {
    double part = heap.part();
    if ((heap.unknown() || doubtful(rung, part)) && mayCollect(now)) {
      collect(now);
      part = heap.part();
    }
    return doubtful(rung, part) ? Signal.HEAP.below(Rung.SHED) : part;
  }

  /** Whether requests would be refused from now on for what may be garbage in part. */
  private boolean doubtful(Rung rung, double part) {
    return !heap.exact() && !refused(rung) && refused(Signal.HEAP.entered(part));
  }

  private boolean mayCollect(long now) {
    return !collected || now - collectedAt >= Math.max(FIRST, TIMES * took);
  }

  /** Tells where the heap's ladder stands. */
  void ask(Rung rung, long now) {
    boolean worse = rung.compareTo(before) > 0;
    before = rung;
    if (rung == Rung.NORMAL) {
      return;
    }
    if (worse) {
      knownAt = now;
      pause = FIRST;
    } else if (heap.findings() != findings && (heap.exact() || !refused(rung))) {
      knownAt = now;
    } else if (now - knownAt >= due(rung)) {
      knownAt = now;
      pause = Math.min(LONGEST, pause * 2);
      collect(now);
    }
    findings = heap.findings();
  }

  private long due(Rung rung) {
    return Math.max(refused(rung) ? Math.min(pause, LONGEST_REFUSED) : pause, TIMES * took);
  }

  private static boolean refused(Rung rung) {
    return rung.compareTo(Rung.SHED) >= 0;
  }

  private void collect(long now) {
    long begun = clock.getAsLong();
    collector.run();
    took = clock.getAsLong() - begun;
    collected = true;
    collectedAt = now;
  }
}
