package dev.weir.dataplane.overload;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.function.DoubleSupplier;

/** Readings of this process' memory. Any thread. */
final class Memory {
  private Memory() {}

  /**
   * What the last collection of the old generation left there, as a part of its size: what is in
   * use just now says nothing, because garbage may fill it at any time without harm.
   */
  static DoubleSupplier oldGeneration() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
        .max(Comparator.comparingLong((MemoryPoolMXBean pool) -> pool.getUsage().getMax()))
        .map(Memory::afterCollection)
        .orElse(() -> 0);
  }

  private static DoubleSupplier afterCollection(MemoryPoolMXBean pool) {
    return () -> {
      var usage = pool.getCollectionUsage();
      return usage == null || usage.getMax() <= 0 ? 0 : (double) usage.getUsed() / usage.getMax();
    };
  }

  /** Bytes of direct memory that Netty has, or all of the JVM's where Netty doesn't count. */
  static long directBytes() {
    long counted = PlatformDependent.usedDirectMemory();
    return counted >= 0
        ? counted
        : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
  }

  /** The same as a part of what there may be; beyond it, every request for a buffer fails. */
  static double directUse() {
    return (double) directBytes() / Math.max(1, PlatformDependent.maxDirectMemory());
  }
}
