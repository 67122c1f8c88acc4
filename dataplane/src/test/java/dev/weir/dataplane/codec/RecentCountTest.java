package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentCountTest {
  private static final long SECOND = 1_000_000_000L;

  private record Added(long at, int amount) {}

  @Test
  void countsForTenSecondsAtLeastAndElevenAtMost() {
    long seed = Seed.get();
    var random = new Random(seed);
    var count = new RecentCount();
    var added = new ArrayList<Added>();
    long now = random.nextInt() * SECOND;
    for (int i = 0; i < 5000; i++) {
      now += random.nextLong(random.nextInt(50) == 0 ? 30 * SECOND : SECOND);
      int amount = random.nextInt(100);
      added.add(new Added(now, amount));
      int sum = count.add(now, amount);
      assertThat(count.sum(now)).isEqualTo(sum);
      assertThat(sum)
          .as("seed %d, step %d", seed, i)
          .isBetween(since(added, now, 10), since(added, now, 11));
    }
  }

  private static int since(Iterable<Added> added, long now, int seconds) {
    int sum = 0;
    for (var one : added) {
      sum += now - one.at <= seconds * SECOND ? one.amount : 0;
    }
    return sum;
  }
}
