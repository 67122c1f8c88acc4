package dev.weir.controller.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import dev.weir.dataplane.overload.OverloadConfig;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What of the machine the process takes, and why. The heap is the JVM's flags'; buffers get what a
 * memory limit leaves beside it; event loops are as many as there are processors and buffers for: a
 * pod without limits sees a whole node and must not take it.
 *
 * <p>Immutable.
 *
 * @param heap at most, bytes
 * @param directMemory of buffers, at most, bytes
 * @param why in words
 * @param warning what to change; empty if it fits
 */
record Sizing(long heap, long directMemory, int eventLoops, String why, String warning) {
  private static final long MIB = 1 << 20;

  private static final long OTHER = OverloadConfig.OTHER_MEMORY;

  private static final long LEAST_DIRECT = 32 * MIB;

  /** Each loop keeps buffers of its own. */
  private static final long DIRECT_OF_LOOP = 16 * MIB;

  private static final String NETTY_LIMIT = "io.netty.maxDirectMemory";

  /** How much each loop keeps of what buffers of one size had; Netty has 16 sizes. */
  private static final String NETTY_KEEPS = "io.netty.allocator.threadLocalChunkCacheMaxBytes";

  private static final int SIZES = 16;
  private static final long MOST_KEPT = 8 * MIB;

  /**
   * What there is.
   *
   * @param memory of the container or else the machine, bytes
   * @param heap by the JVM's flags, bytes
   * @param direct by the JVM's flags, bytes
   * @param processors that may be used, a CPU limit counted
   */
  record Machine(long memory, long heap, long direct, int processors) {
    /** This one. */
    static Machine here() {
      var memory = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      long heap = option("MaxHeapSize");
      long direct = option("MaxDirectMemorySize");
      return new Machine(
          memory.getTotalMemorySize(),
          heap,
          direct == 0 ? heap : direct,
          Runtime.getRuntime().availableProcessors());
    }

    private static long option(String name) {
      var jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return Long.parseLong(jvm.getVMOption(name).getValue());
    }
  }

  /**
   * On a machine.
   *
   * @param wantedLoops 0 for as many as suit
   */
  static Sizing of(Machine machine, int wantedLoops) {
    long left = machine.memory - machine.heap - OTHER;
    long direct = Math.min(machine.direct, Math.max(LEAST_DIRECT, left));
    int most = (int) Math.max(1, direct / DIRECT_OF_LOOP);
    int loops = wantedLoops > 0 ? wantedLoops : Math.min(machine.processors, most);
    var why = new StringBuilder();
    why.append(machine.processors).append(machine.processors == 1 ? " processor" : " processors");
    if (wantedLoops > 0) {
      why.append(" and --event-loops");
    } else if (most < machine.processors) {
      why.append(" and one loop for ").append(text(DIRECT_OF_LOOP)).append(" of direct memory");
    }
    why.append(", ").append(text(machine.memory)).append(" of memory");
    if (direct < machine.direct) {
      why.append(" less ").append(text(OTHER)).append(" for code, classes and threads");
    }
    var warning = left >= LEAST_DIRECT ? "" : little(machine, direct);
    return new Sizing(machine.heap, direct, loops, why.toString(), warning);
  }

  /**
   * The same where somebody else may have bounded buffers.
   *
   * @param given their bound, bytes; 0 for none
   */
  static Sizing of(Machine machine, int wantedLoops, long given) {
    var own = of(machine, wantedLoops);
    if (given <= 0 || given == own.directMemory) {
      return own;
    }
    return new Sizing(
        own.heap,
        given,
        own.eventLoops,
        own.why + ", buffers by -D" + NETTY_LIMIT,
        machine.memory - machine.heap - OTHER >= given ? "" : little(machine, given));
  }

  /** Of this process. */
  static Sizing here(int wantedLoops) {
    return of(Machine.here(), wantedLoops, Long.getLong(NETTY_LIMIT, 0));
  }

  private static String little(Machine machine, long direct) {
    return ("%s of memory are little for a heap of %s, %s of buffers and some %s for code,"
            + " classes and threads; raise the memory limit")
        .formatted(text(machine.memory), text(machine.heap), text(direct), text(OTHER));
  }

  /**
   * How much each loop may keep of what buffers of one size had, in bytes: all loops together must
   * not keep so much that it passes for memory in use, when nothing is in use any more.
   */
  long keptOfOneSize() {
    return Math.min(MOST_KEPT, directMemory / ((long) eventLoops * SIZES));
  }

  /** Bounds buffers, before the first one is made. Does nothing if somebody did already. */
  static void boundBuffers() {
    var here = here(0);
    bound(NETTY_LIMIT, here.directMemory);
    bound(NETTY_KEEPS, here.keptOfOneSize());
  }

  private static void bound(String property, long bytes) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Long.toString(bytes));
    }
  }

  /** In one line. */
  String text() {
    return "heap %s, direct memory %s, %d event %s: %s"
        .formatted(
            text(heap), text(directMemory), eventLoops, eventLoops == 1 ? "loop" : "loops", why);
  }

  private static String text(long bytes) {
    return bytes < 10_240 * MIB
        ? bytes / MIB + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / 1024.0 / MIB);
  }
}
