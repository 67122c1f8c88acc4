package dev.weir.dataplane.overload;

import static java.lang.management.ManagementFactory.getGarbageCollectorMXBeans;
import static java.lang.management.ManagementFactory.getMemoryPoolMXBeans;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.List;

/**
 * What lives in a heap whose old generation is collected as a whole, as Serial and Parallel do it:
 * what the last such collection left there. Nothing but a lack of room makes them do it, so the
 * first one may come when the heap is full of live objects already; it is time for it before.
 */
final class OldGeneration implements LiveHeap {
  /** Of the generation; the ladder's first rung but one begins here. */
  private static final double MUCH = 0.8;

  private final MemoryPoolMXBean pool;
  private final List<GarbageCollectorMXBean> collectors;

  /**
   * Of a pool.
   *
   * @param collectors that collect it
   */
  OldGeneration(MemoryPoolMXBean pool, List<GarbageCollectorMXBean> collectors) {
    this.pool = pool;
    this.collectors = List.copyOf(collectors);
  }

  /** This process', or one that never says anything where its collector doesn't either. */
  static LiveHeap running() {
    return getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
        .max(Comparator.comparingLong((MemoryPoolMXBean pool) -> pool.getUsage().getMax()))
        .map(OldGeneration::of)
        .orElse(() -> 0);
  }

  private static LiveHeap of(MemoryPoolMXBean pool) {
    return new OldGeneration(
        pool,
        getGarbageCollectorMXBeans().stream()
            .filter(bean -> List.of(bean.getMemoryPoolNames()).contains(pool.getName()))
            .toList());
  }

  @Override
  public double part() {
    var usage = pool.getCollectionUsage();
    return usage == null || usage.getMax() <= 0 ? 0 : (double) usage.getUsed() / usage.getMax();
  }

  @Override
  public long findings() {
    long count = 0;
    for (var collector : collectors) {
      count += collector.getCollectionCount();
    }
    return count;
  }

  @Override
  public boolean unknown() {
    var usage = pool.getUsage();
    return usage.getMax() > 0 && usage.getUsed() >= MUCH * usage.getMax() && findings() == 0;
  }
}
