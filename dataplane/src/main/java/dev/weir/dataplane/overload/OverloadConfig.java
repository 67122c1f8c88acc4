package dev.weir.dataplane.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What is looked at and how often.
 *
 * @param period between two looks
 * @param heap what lives in it
 * @param directMemory in use, as a part of what may be
 * @param descriptorLimit that the process may have
 * @param openDescriptors that it has, of all kinds
 * @param throttled how often the system has held it up for its CPU quota
 */
public record OverloadConfig(
    Duration period,
    LiveHeap heap,
    DoubleSupplier directMemory,
    long descriptorLimit,
    LongSupplier openDescriptors,
    LongSupplier throttled) {

  /** Milliseconds between two looks; benchmarks look more often. */
  private static final String PERIOD = "weir.overload.period-millis";

  private static final int USUAL_PERIOD = 50;

  /** Bytes of code, classes, threads and the collector: what is neither heap, buffer nor TLS. */
  public static final long OTHER_MEMORY = 160L << 20;

  /**
   * The same, where TLS counts: its memory is outside of the heap and no buffer, and has to fit
   * beside both.
   *
   * @param connections that have TLS
   */
  public OverloadConfig withTls(LongSupplier connections) {
    var beside = Memory.besideTls(directMemory, connections, Memory.besideHeap());
    return new OverloadConfig(period, heap, beside, descriptorLimit, openDescriptors, throttled);
  }

  /** This process. */
  public static OverloadConfig system() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    var files = system instanceof UnixOperatingSystemMXBean unix ? unix : null;
    long limit = files == null ? Integer.MAX_VALUE : files.getMaxFileDescriptorCount();
    return new OverloadConfig(
        Duration.ofMillis(Math.max(1, Integer.getInteger(PERIOD, USUAL_PERIOD))),
        LiveHeap.system(),
        Memory::directUse,
        limit,
        files == null ? () -> 0 : files::getOpenFileDescriptorCount,
        Throttling.system());
  }
}
