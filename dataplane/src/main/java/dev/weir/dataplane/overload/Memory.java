package dev.weir.dataplane.overload;

import com.sun.management.OperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Readings of this process' memory. Any thread. */
final class Memory {
  /** What BoringSSL has for a connection: 5 to 9 KiB were measured while it is idle. */
  private static final long OF_TLS = 10 * 1024;

  private Memory() {}

  /**
   * The larger of two readings: of direct memory by itself, and of it and TLS together as a part of
   * the memory that they have to share.
   *
   * @param direct by itself
   * @param connections that have TLS
   * @param shared bytes
   */
  static DoubleSupplier besideTls(DoubleSupplier direct, LongSupplier connections, long shared) {
    return () ->
        Math.max(
            direct.getAsDouble(),
            (double) (directBytes() + connections.getAsLong() * OF_TLS) / shared);
  }

  /**
   * Bytes that the container, or else the machine, leaves beside the heap and what else the process
   * needs; never less than direct memory may have.
   */
  static long besideHeap() {
    long all =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    long left = all - Runtime.getRuntime().maxMemory() - OverloadConfig.OTHER_MEMORY;
    return Math.max(left, PlatformDependent.maxDirectMemory());
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
