package dev.weir.dataplane.overload;

import static java.lang.management.ManagementFactory.getGarbageCollectorMXBeans;
import static java.lang.management.ManagementFactory.getMemoryPoolMXBeans;
import static java.lang.management.ManagementFactory.getPlatformMXBean;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What lives in a heap that G1 collects. Its young collections fill the old generation with what
 * they promote and don't look at what died there, so what is in use after most collections says
 * nothing. When much is in use, it marks what lives, beside the program. Regions in which nothing
 * does are free at once (Remark), those in which little does are emptied by the next young
 * collections (mixed ones). So what lives is the least that was in use since it began to mark, once
 * collections give nothing back any more.
 *
 * <p>It is not exact: regions full of live objects but for a seventh are left alone. Only a full
 * collection leaves no garbage.
 */
final class G1Heap implements LiveHeap {
  /**
   * Young collections in a row that give nothing back after marking: one or two may come before the
   * mixed ones do.
   */
  private static final int QUIET = 3;

  /** Where it has less of the heap than this to move objects to, it must stop all. */
  private static final double RESERVE = 0.1;

  /**
   * How often there was which collection, and what was in use after the last one.
   *
   * @param marks pauses of marking: two each time
   * @param used bytes of the old generation, those of large objects included
   */
  record Seen(long young, long marks, long full, long used) {}

  private final Supplier<Seen> source;
  private final long room;
  private Seen before;
  private boolean marked;
  private long quiet;
  private long least;
  private long found;
  private long findings;
  private boolean exact = true;

  /**
   * Nothing is known yet.
   *
   * @param room bytes that may live
   */
  G1Heap(Supplier<Seen> source, long room) {
    this.source = source;
    this.room = room;
    this.before = source.get();
  }

  /** This process', if G1 is its collector. */
  static @Nullable G1Heap running() {
    var young = collector("G1 Young Generation");
    var marking = collector("G1 Concurrent GC");
    var full = collector("G1 Old Generation");
    var pool = pool("G1 Old Gen");
    if (young == null || marking == null || full == null || pool == null) {
      return null;
    }
    Supplier<Seen> source =
        () ->
            new Seen(
                young.getCollectionCount(),
                marking.getCollectionCount(),
                full.getCollectionCount(),
                pool.getUsage().getUsed());
    return new G1Heap(source, room(option("MaxHeapSize"), option("NewSize")));
  }

  /**
   * How much may live so that the collector gets along.
   *
   * @param heap bytes at most
   * @param young bytes of the young generation at least
   */
  static long room(long heap, long young) {
    return heap - Math.max((long) (heap * RESERVE), Math.min(young, heap / 2));
  }

  private static long option(String name) {
    var jvm = getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return Long.parseLong(jvm.getVMOption(name).getValue());
  }

  private static @Nullable GarbageCollectorMXBean collector(String name) {
    for (var bean : getGarbageCollectorMXBeans()) {
      if (bean.getName().equals(name)) {
        return bean;
      }
    }
    return null;
  }

  private static @Nullable MemoryPoolMXBean pool(String name) {
    for (var pool : getMemoryPoolMXBeans()) {
      if (pool.getName().equals(name)) {
        return pool;
      }
    }
    return null;
  }

  @Override
  public double part() {
    var now = source.get();
    if (now.full != before.full) {
      marked = false;
      find(now.used, true);
    } else if (marked) {
      boolean less = now.used < before.used;
      quiet = less ? 0 : quiet + now.young - before.young;
      least = Math.min(least, now.used);
    } else if (now.marks != before.marks) {
      marked = true;
      quiet = 0;
      least = now.used;
    }
    if (marked && quiet >= QUIET) {
      marked = false;
      find(least, false);
    }
    before = now;
    // No more lives than is in use.
    found = Math.min(found, now.used);
    return (double) found / room;
  }

  private void find(long bytes, boolean exactly) {
    found = bytes;
    exact = exactly;
    findings++;
  }

  @Override
  public long findings() {
    return findings;
  }

  @Override
  public boolean exact() {
    return exact;
  }
}
