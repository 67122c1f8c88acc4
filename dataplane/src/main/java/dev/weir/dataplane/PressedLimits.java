package dev.weir.dataplane;

import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.overload.Rung;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The limits of client connections: as configured, or shorter while something is scarce. Any
 * thread; makes nothing new unless one of both changed.
 */
final class PressedLimits implements Supplier<ServerLimits> {
  /** Longest silence between requests or inside of a head, in nanoseconds. */
  private static final long IDLE = TimeUnit.SECONDS.toNanos(5);

  /** Longest silence inside of a body or reply, in nanoseconds. */
  private static final long TRANSFER = TimeUnit.SECONDS.toNanos(15);

  private final Supplier<ServerLimits> configured;
  private final Supplier<Set<Rung>> measures;
  private volatile Pressed last;

  private record Pressed(ServerLimits configured, Set<Rung> measures, ServerLimits limits) {
    boolean isOf(ServerLimits theseLimits, Set<Rung> theseMeasures) {
      return configured.equals(theseLimits) && measures.equals(theseMeasures);
    }
  }

  /**
   * Sets up.
   *
   * @param configured limits that hold now
   * @param measures that are taken now; another set with each change
   */
  PressedLimits(Supplier<ServerLimits> configured, Supplier<Set<Rung>> measures) {
    this.configured = configured;
    this.measures = measures;
    var limits = configured.get();
    this.last = new Pressed(limits, Set.of(), limits);
  }

  @Override
  public ServerLimits get() {
    var limits = configured.get();
    var now = measures.get();
    if (now.isEmpty()) {
      return limits;
    }
    var made = last;
    if (!made.isOf(limits, now)) {
      made = new Pressed(limits, now, pressed(limits, now));
      last = made;
    }
    return made.limits;
  }

  private static ServerLimits pressed(ServerLimits limits, Set<Rung> measures) {
    return limits.within(
        measures.contains(Rung.SHORT_IDLE) ? IDLE : Long.MAX_VALUE,
        measures.contains(Rung.SHORT_IDLE) ? TRANSFER : Long.MAX_VALUE,
        measures.contains(Rung.NO_KEEP_ALIVE));
  }
}
