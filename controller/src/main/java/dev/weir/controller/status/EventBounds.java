package dev.weir.controller.status;

import dev.weir.controller.resource.ObjectKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many Events one object may get, so that one whose findings come and go without end leaves
 * room for the others: 25 at once, as Kubernetes' own clients allow, and then one a minute, which
 * is enough to repeat what stands.
 *
 * <p>Owned by one thread.
 */
final class EventBounds {
  static final int BURST = 25;
  static final Duration REFILL = Duration.ofMinutes(1);

  /** Objects beyond that have been quiet for longer than these. */
  private static final int REMEMBERED = 4096;

  private final LongSupplier nanos;

  /** When an object has its whole burst again, for those that don't have it. */
  private final Map<ObjectKey, Long> full = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * With a whole burst for every object.
   *
   * @param nanos a monotonic clock
   */
  EventBounds(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether the object may get one more. */
  boolean allows(ObjectKey object) {
    var since = full.get(object);
    return since == null || since - nanos.getAsLong() <= (BURST - 1) * REFILL.toNanos();
  }

  /** The object got one. */
  void count(ObjectKey object) {
    long now = nanos.getAsLong();
    var since = full.get(object);
    long from = since == null || since - now < 0 ? now : since;
    full.put(object, from + REFILL.toNanos());
    if (full.size() > REMEMBERED) {
      full.remove(full.keySet().iterator().next());
    }
  }
}
