package dev.weir.controller.status;

import java.time.Duration;
import java.util.function.LongSupplier;

/** So many a second, and so many at once after a quiet time. Owned by one thread. */
final class TokenBucket {
  private final long interval;
  private final long capacity;
  private final LongSupplier nanos;
  // The bucket is full when this is now; each token taken moves it into the future.
  private long emptySince;

  /**
   * A full one.
   *
   * @param nanos a monotonic clock
   */
  TokenBucket(int perSecond, int burst, LongSupplier nanos) {
    this.interval = Duration.ofSeconds(1).toNanos() / perSecond;
    this.capacity = interval * burst;
    this.nanos = nanos;
    this.emptySince = nanos.getAsLong();
  }

  /** Takes a token; answers how long to wait before using it. */
  Duration take() {
    long now = nanos.getAsLong();
    if (emptySince - now < 0) {
      emptySince = now;
    }
    emptySince += interval;
    return Duration.ofNanos(Math.max(0, emptySince - now - capacity));
  }
}
