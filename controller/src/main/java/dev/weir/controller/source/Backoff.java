package dev.weir.controller.source;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries: each about twice the last, up to a longest, and each a random value of its
 * upper half, so that many who failed together don't come back together.
 *
 * <p>Owned by one thread.
 */
public final class Backoff {
  private final long shortest;
  private final long longest;
  private final RandomGenerator random;
  private int failures;

  /**
   * Without a failure so far.
   *
   * @param shortest half of the longest first pause
   */
  public Backoff(Duration shortest, Duration longest, RandomGenerator random) {
    this.shortest = shortest.toMillis();
    this.longest = longest.toMillis();
    this.random = random;
  }

  /** The next pause: at first between {@code shortest} and twice that. */
  public Duration next() {
    long ceiling = Math.min(longest, shortest << Math.min(failures + 1, 20));
    failures++;
    return Duration.ofMillis(random.nextLong(ceiling / 2, ceiling + 1));
  }

  /** Whether something failed since the last {@link #reset}. */
  public boolean failing() {
    return failures > 0;
  }

  /** It worked: the next pause is the shortest again. */
  public void reset() {
    failures = 0;
  }
}
