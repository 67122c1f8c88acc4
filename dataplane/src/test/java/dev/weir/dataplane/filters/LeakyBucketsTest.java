package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.filters.LeakyBuckets.Rate;
import dev.weir.dataplane.http.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakyBucketsTest {
  private static final int MILLION = 1_000_000;
  private static final long LONG_AGO = -123_456_789_000_000L;

  private long now = LONG_AGO;
  private final LeakyBuckets buckets = new LeakyBuckets(() -> now);

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static IpAddress client(long number) {
    return number % 2 == 0
        ? IpAddress.ofV4((int) (0x0A00_0000 + number))
        : new IpAddress(0x2001_0db8_0000_0000L + number, number * 7);
  }

  /** {@code ngx_http_limit_req_lookup} and {@code _account}, with a node for ever. */
  private static final class Reference {
    private record Node(long excess, long last) {}

    private final Map<IpAddress, Map<Rate, Node>> nodes = new HashMap<>();

    boolean take(IpAddress client, List<Rate> rates, long now) {
      var mine = nodes.computeIfAbsent(client, any -> new HashMap<>());
      var after = new HashMap<Rate, Node>();
      for (var rate : rates) {
        var node = mine.get(rate);
        if (node == null) {
          after.put(rate, new Node(0, now));
          continue;
        }
        long ms = now - node.last;
        long excess = Math.max(0, node.excess - rate.perSecond() * ms / 1000 + 1000);
        if (excess > rate.burst()) {
          return false;
        }
        after.put(rate, new Node(excess, ms == 0 ? node.last : now));
      }
      mine.putAll(after);
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyAnswerIsThatOfNginxsArithmetic(long seed) {
    var random = new SplittableRandom(seed);
    var reference = new Reference();
    var second =
        seed % 3 == 0 ? Rate.NONE : Rate.perSecond(1 + random.nextInt(3), 1 + (int) seed % 4);
    var minute =
        seed % 3 == 1 ? Rate.NONE : Rate.perMinute(1 + random.nextInt(90), 1 + (int) seed % 4);
    var rates = new ArrayList<>(List.of(second, minute));
    rates.remove(Rate.NONE);
    int refused = 0;
    for (int i = 0; i < 200_000; i++) {
      int event = random.nextInt(2_000);
      if (event == 0) {
        pass(random.nextInt(120_000));
      } else if (event < 20) {
        pass(random.nextInt(2_000));
      } else if (event < 500) {
        pass(random.nextInt(20));
      }
      var client = client(random.nextInt(random.nextBoolean() ? 5 : 3_000));
      long millis = (now - LONG_AGO) / 1_000_000;
      boolean expected = reference.take(client, rates, millis);
      assertThat(buckets.take(client, second, minute))
          .as("seed %d, step %d, %s", seed, i, client)
          .isEqualTo(expected);
      refused += expected ? 0 : 1;
    }
    assertThat(refused).isBetween(100, 199_000);
  }

  @Test
  void theBurstGoesAtOnceThenTheRate() {
    var rate = Rate.perSecond(5, 3);
    assertThat(taken(rate, 100)).isEqualTo(16);
    pass(199);
    assertThat(taken(rate, 10)).isZero();
    pass(1);
    assertThat(taken(rate, 10)).isEqualTo(1);
    pass(1000);
    assertThat(taken(rate, 10)).isEqualTo(5);
  }

  private int taken(Rate rate, int requests) {
    int taken = 0;
    for (int i = 0; i < requests; i++) {
      taken += buckets.take(client(4), rate, Rate.NONE) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void aMillionAddressesWithTwoRatesTakeAtMost64Megabytes() {
    fill(MILLION);
    assertThat(buckets.size()).isEqualTo(MILLION);
    assertThat(buckets.bytes()).isLessThanOrEqualTo(64 * (1L << 20));
    for (int i = 0; i < MILLION; i++) {
      assertThat(buckets.take(client(i), Rate.perSecond(1, 1), Rate.perMinute(1, 1))).isTrue();
    }
    for (int i = 0; i < MILLION; i += 997) {
      assertThat(buckets.take(client(i), Rate.perSecond(1, 1), Rate.perMinute(1, 1))).isFalse();
    }
  }

  @Test
  void whereMoreAddressesComeMemoryStaysBoundedAndNewOnesAreStillLimited() {
    fill(3 * MILLION);
    assertThat(buckets.size()).isLessThanOrEqualTo((long) (LeakyBuckets.MOST * 1.1));
    assertThat(buckets.bytes()).isLessThanOrEqualTo(72 * (1L << 20));
    var newcomer = client(4 * MILLION);
    assertThat(take(newcomer)).isTrue();
    assertThat(take(newcomer)).isTrue();
    assertThat(take(newcomer)).isFalse();
  }

  private void fill(int addresses) {
    for (int i = 0; i < addresses; i++) {
      assertThat(take(client(i))).isTrue();
    }
  }

  private boolean take(IpAddress client) {
    return buckets.take(client, Rate.perSecond(1, 1), Rate.perMinute(1, 1));
  }

  @Test
  void drainedBucketsAreGivenUpWhileOthersAsk() {
    fill(100_000);
    pass(63_000);
    for (int i = 0; i < 64; i++) {
      take(client(5_000_000));
      pass(100);
    }
    assertThat(buckets.size()).isEqualTo(1);
    assertThat(buckets.bytes()).isLessThan(20_000);
  }

  @Test
  void aBucketThatNobodyAskedForMonthsHasDrained() {
    var rate = Rate.perMinute(1, 1);
    for (int months = 1; months < 40; months++) {
      var client = client(months);
      assertThat(buckets.take(client, Rate.NONE, rate)).isTrue();
      assertThat(buckets.take(client, Rate.NONE, rate)).isTrue();
      assertThat(buckets.take(client, Rate.NONE, rate)).isFalse();
      pass(TimeUnit.DAYS.toMillis(5L * months));
      assertThat(buckets.take(client, Rate.NONE, rate)).isTrue();
      assertThat(buckets.take(client, Rate.NONE, rate)).isTrue();
      assertThat(buckets.take(client, Rate.NONE, rate)).isFalse();
    }
  }

  @Test
  void anAddedRateFindsAnEmptyBucketAndTheOtherKeepsIts() {
    var second = Rate.perSecond(1, 1);
    var minute = Rate.perMinute(1, 3);
    assertThat(taken(second, 5)).isEqualTo(2);
    assertThat(buckets.take(client(4), second, minute)).isFalse();
    pass(1000);
    assertThat(buckets.take(client(4), second, minute)).isTrue();
    assertThat(buckets.take(client(4), second, minute)).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(buckets.take(client(4), Rate.NONE, minute)).isTrue();
    }
    assertThat(buckets.take(client(4), Rate.NONE, minute)).isFalse();
  }

  @Test
  void threadsThatAskAtOnceGetTogetherWhatOneWouldGet() throws Exception {
    var rate = Rate.perSecond(100, 10);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var takes = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 4; i++) {
        takes.add(() -> taken(rate, 50_000));
      }
      int all = 0;
      for (Future<Integer> taken : threads.invokeAll(takes)) {
        all += taken.get();
      }
      assertThat(all).isEqualTo(1001);
    }
  }
}
