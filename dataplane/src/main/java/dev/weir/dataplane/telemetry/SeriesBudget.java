package dev.weir.dataplane.telemetry;

import java.util.concurrent.atomic.AtomicInteger;

/** How many series there may be. Safe on every thread. */
final class SeriesBudget {
  /** As many as are asked for: their labels come from objects only. */
  static final SeriesBudget NO_LIMIT = new SeriesBudget(Integer.MAX_VALUE);

  private final boolean limited;
  private final AtomicInteger left;

  SeriesBudget(int most) {
    limited = most < Integer.MAX_VALUE;
    left = new AtomicInteger(most);
  }

  /** Takes one; false if there is none left. */
  boolean take() {
    if (!limited) {
      return true;
    }
    int before = left.getAndUpdate(now -> now > 0 ? now - 1 : 0);
    return before > 0;
  }

  boolean isSpent() {
    return limited && left.get() == 0;
  }

  /** Gives some back. */
  void give(int series) {
    if (limited) {
      left.addAndGet(series);
    }
  }
}
