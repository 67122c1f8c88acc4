package dev.weir.dataplane.codec;

import java.util.Arrays;

/**
 * How much of something there was in the last ten seconds, to a second: what is added counts for
 * ten to eleven of them. Owned by one thread.
 */
final class RecentCount {
  private static final long SECOND = 1_000_000_000L;

  /** Ten whole seconds and the one that has begun. */
  private static final int SLOTS = 11;

  private final int[] slots = new int[SLOTS];
  private long newest;
  private int sum;

  /**
   * Adds.
   *
   * @param now as of {@link System#nanoTime}
   * @return the sum with it
   */
  int add(long now, int amount) {
    forget(now);
    slots[slot(newest)] += amount;
    sum += amount;
    return sum;
  }

  /** The sum at that time, which isn't before that of an earlier call. */
  int sum(long now) {
    forget(now);
    return sum;
  }

  private void forget(long now) {
    long second = Math.floorDiv(now, SECOND);
    if (sum == 0 || second - newest >= SLOTS) {
      Arrays.fill(slots, 0);
      sum = 0;
      newest = second;
      return;
    }
    while (newest < second) {
      newest++;
      sum -= slots[slot(newest)];
      slots[slot(newest)] = 0;
    }
  }

  private static int slot(long second) {
    return (int) Math.floorMod(second, (long) SLOTS);
  }
}
