package dev.weir.dataplane.overload;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one event loop: a turn that lasts longer than 50 ms is counted, and the log says from
 * time to time where the loop was; one of five seconds means that it is stuck (hardening.md F19).
 * Owned by the overload thread; counts may be read from any.
 */
final class LoopWatch {
  /** Nanoseconds from which on a turn counts. */
  static final long STALL = 50_000_000L;

  /** Nanoseconds from which on a loop is stuck. */
  static final long STUCK = 5_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);
  private static final int FRAMES = 16;

  private final LoopProbe probe;
  private final LongAdder stalls = new LongAdder();
  private final WaitTimes waits = new WaitTimes();
  private volatile long longest;
  private volatile @Nullable String stuck;
  private long saidAt = System.nanoTime() - PAUSE;
  private boolean saidOfThis;

  LoopWatch(LoopProbe probe) {
    this.probe = probe;
  }

  /** An answer came. */
  void answered(long nanos) {
    saidOfThis = false;
    waits.add(nanos);
    if (nanos > STALL) {
      stalls.increment();
    }
    if (nanos > longest) {
      longest = nanos;
    }
    if (stuck != null) {
      stuck = null;
      LOG.info("{} goes on; it did nothing for {} s", probe.name(), seconds(nanos));
    }
  }

  /**
   * There is no answer yet.
   *
   * @param onTime whether the look itself came in time: else the whole process was held up, and
   *     where the loop is says nothing
   */
  void waiting(long nanos, long now, boolean onTime) {
    if (nanos >= STUCK && stuck == null) {
      stuck = probe.name() + " has done nothing for " + seconds(nanos) + " s";
      LOG.warn("{}, so this proxy is not ready; it is at {}", stuck, where());
    } else if (onTime && nanos >= STALL && !saidOfThis && now - saidAt >= PAUSE) {
      saidOfThis = true;
      saidAt = now;
      LOG.info(
          "{} has been in one turn for {} ms (weir_loop_stalls_total counts such); it is at {}",
          probe.name(),
          nanos / 1_000_000,
          where());
    }
  }

  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  /** The innermost frames in one line. */
  private String where() {
    var thread = probe.thread();
    return thread == null
        ? "its start"
        : Arrays.stream(thread.getStackTrace())
            .limit(FRAMES)
            .map(StackTraceElement::toString)
            .collect(Collectors.joining(" < "));
  }

  /** Says if it is stuck. Any thread. */
  Optional<String> stuck() {
    return Optional.ofNullable(stuck);
  }

  /** All waits that were noticed. Any thread. */
  WaitTimes waits() {
    return waits;
  }

  /** Turns that took too long. Any thread. */
  long stalls() {
    return stalls.sum();
  }

  /** Nanoseconds of the longest turn that was noticed. Any thread. */
  long longest() {
    return longest;
  }
}
