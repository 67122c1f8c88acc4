package dev.weir.dataplane.filters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.dataplane.http.IpAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * A leaky bucket for each client address, by the arithmetic of nginx's {@code limit_req} with
 * {@code nodelay}: a bucket holds an excess in thousandths of a request, which each request raises
 * by 1000 and time lowers by the rate, in whole milliseconds and rounded as there. The first
 * request finds an empty bucket; one that would lift the excess above the burst is refused and
 * counts for nothing. Where there are two rates, a request must fit in both or counts in neither.
 *
 * <p>A bucket that has drained by a whole request's worth behaves like none, so it is none: such
 * slots go when their stripe is packed. Every other bucket is exact, up to {@link #MOST} addresses;
 * beyond them the one of some neighbours that would drain first is forgotten.
 *
 * <p>May be used from any thread: addresses are spread over stripes, each with a lock that is held
 * for a few dozen instructions. One that is asked packs the stripes one after the other.
 */
final class LeakyBuckets {
  /** Addresses remembered at most, give or take how evenly they spread. */
  static final int MOST = 1 << 20;

  private static final int STRIPES = 64;
  private static final long PACK_PAUSE_MILLIS = 100;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Columns: one for each rate. */
  private static final int RATES = 2;

  private final LongSupplier nanoTime;
  private final long beginning;
  private final AtomicReferenceArray<Stripe> stripes = new AtomicReferenceArray<>(STRIPES);
  private final long seed = ThreadLocalRandom.current().nextLong();
  private final AtomicLong packAt = new AtomicLong(PACK_PAUSE_MILLIS);
  private final AtomicInteger toPack = new AtomicInteger();

  /** The buckets of all scopes, which outlive the filters that a change replaces. */
  static final class Registry {
    private final Cache<String, LeakyBuckets> byScope = Caffeine.newBuilder().weakValues().build();

    /** The buckets of that scope, for as long as somebody holds on to them. */
    LeakyBuckets of(String scope, LongSupplier nanoTime) {
      return byScope.get(scope, any -> new LeakyBuckets(nanoTime));
    }
  }

  /**
   * A rate and its burst.
   *
   * @param perSecond thousandths of requests a second, 0 for no limit
   * @param burst thousandths of requests
   */
  record Rate(long perSecond, long burst) {
    /** Above two million a second, what is asked for is no limit that anybody could tell. */
    private static final long MOST = 2_000_000_000;

    /** No bucket takes longer to drain than three weeks. */
    private static final long LONGEST_SECONDS = 1_800_000;

    static final Rate NONE = new Rate(0, 0);

    Rate {
      perSecond = Math.min(perSecond, MOST);
      burst = Math.min(burst, Math.min(MOST, perSecond * LONGEST_SECONDS));
    }

    /** As nginx reads {@code rate=5r/s burst=25}. */
    static Rate perSecond(int requests, int multiplier) {
      return new Rate(1000L * requests, 1000L * requests * multiplier);
    }

    /** As nginx reads {@code rate=5r/m burst=25}: the rate is cut to thousandths a second. */
    static Rate perMinute(int requests, int multiplier) {
      return new Rate(1000L * requests / 60, 1000L * requests * multiplier);
    }
  }

  /** No bucket yet. The clock counts nanoseconds and never goes back. */
  LeakyBuckets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.beginning = nanoTime.getAsLong();
  }

  /** Whether a request of that client fits; if so, it is counted. */
  boolean take(IpAddress client, Rate first, Rate second) {
    var stripe = stripe(client);
    boolean fits;
    long now;
    synchronized (stripe) {
      now = now();
      fits = stripe.take(client, first, second, now);
    }
    long due = packAt.get();
    if (now >= due && packAt.compareAndSet(due, now + PACK_PAUSE_MILLIS)) {
      pack(toPack.getAndIncrement() & (STRIPES - 1), first, second);
    }
    return fits;
  }

  private long now() {
    return (nanoTime.getAsLong() - beginning) / NANOS_PER_MILLI;
  }

  private Stripe stripe(IpAddress client) {
    int at = (int) AddressTable.hash(client, seed) & (STRIPES - 1);
    var stripe = stripes.get(at);
    if (stripe == null) {
      stripes.compareAndSet(at, null, new Stripe());
      stripe = stripes.get(at);
    }
    return stripe;
  }

  private void pack(int at, Rate first, Rate second) {
    var stripe = stripes.get(at);
    if (stripe != null) {
      synchronized (stripe) {
        stripe.pack(first, second, now());
      }
    }
  }

  /** Slots taken. */
  long size() {
    long all = 0;
    for (int i = 0; i < STRIPES; i++) {
      var stripe = stripes.get(i);
      if (stripe != null) {
        synchronized (stripe) {
          all += stripe.table.size();
        }
      }
    }
    return all;
  }

  /** What all slots take. */
  long bytes() {
    long all = 0;
    for (int i = 0; i < STRIPES; i++) {
      var stripe = stripes.get(i);
      if (stripe != null) {
        synchronized (stripe) {
          all += stripe.table.bytes();
        }
      }
    }
    return all;
  }

  /**
   * A share of the addresses. A column is 0 for no bucket, or the excess plus one above {@link
   * #AGE_BITS} bits of the millisecond that it was counted at. Guarded by its own lock.
   */
  private static final class Stripe implements AddressTable.Worth {
    private static final int AGE_BITS = 33;
    private static final long AGE_MASK = (1L << AGE_BITS) - 1;

    /** Older than any bucket can be without having drained; younger than the bits wrap around. */
    private static final long LONGEST = 1L << 31;

    // Room for chance: hardly ever does a stripe get a tenth more than its share.
    private final AddressTable table =
        new AddressTable(RATES, MOST / STRIPES + MOST / STRIPES / 10, this);
    private long touched;
    private long packed;
    private long now;
    private Rate first = Rate.NONE;
    private Rate second = Rate.NONE;

    boolean take(IpAddress client, Rate newFirst, Rate newSecond, long millis) {
      enter(newFirst, newSecond, millis);
      int at = table.find(client);
      if (at == AddressTable.ABSENT) {
        at = table.findOrAdd(client);
        count(at, 0, first);
        count(at + 1, 0, second);
        return true;
      }
      long one = excess(at, first);
      long two = excess(at + 1, second);
      if (one > first.burst || two > second.burst) {
        return false;
      }
      count(at, one, first);
      count(at + 1, two, second);
      return true;
    }

    private void enter(Rate newFirst, Rate newSecond, long millis) {
      first = newFirst;
      second = newSecond;
      now = millis;
      if (millis - touched >= LONGEST) {
        table.clear();
        packed = millis;
      }
      touched = millis;
      if (millis - packed >= LONGEST) {
        packed = millis;
        table.pack();
      }
    }

    /** What the excess is if this request counts. */
    private long excess(int at, Rate rate) {
      long state = table.slots()[at];
      if (state == 0 || rate.perSecond == 0) {
        return 0;
      }
      return Math.max(0, (state >>> AGE_BITS) - 1 - leaked(state, rate) + 1000);
    }

    private long leaked(long state, Rate rate) {
      return rate.perSecond * Math.min(age(state), LONGEST) / 1000;
    }

    private long age(long state) {
      return (now - state) & AGE_MASK;
    }

    private void count(int at, long excess, Rate rate) {
      table.slots()[at] = rate.perSecond == 0 ? 0 : (excess + 1) << AGE_BITS | (now & AGE_MASK);
    }

    void pack(Rate newFirst, Rate newSecond, long millis) {
      enter(newFirst, newSecond, millis);
      packed = millis;
      table.pack();
    }

    /** Milliseconds until the last of its buckets has drained. */
    @Override
    public long of(long[] slots, int at) {
      return Math.max(left(slots[at], first), left(slots[at + 1], second));
    }

    private long left(long state, Rate rate) {
      if (state == 0 || rate.perSecond == 0) {
        return 0;
      }
      long held = (state >>> AGE_BITS) - 1 + 1000 - leaked(state, rate);
      return held <= 0 ? 0 : held * 1000 / rate.perSecond + 1;
    }
  }
}
