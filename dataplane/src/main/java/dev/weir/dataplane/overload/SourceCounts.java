package dev.weir.dataplane.overload;

import dev.weir.dataplane.http.IpAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Connections by source: an IPv4 address, or the 64 bits of an IPv6 address that name a network,
 * because a client has all addresses of its network (RFC 4291 2.5.4). Memory is fixed, 512 KiB: a
 * source has a place in each of two rows, which it shares with others, and the lower count of both
 * says how many connections it has at most (a count-min sketch). Who shares with whom can't be
 * foretold, and with 100,000 connections a place of others' holds one or two.
 *
 * <p>Safe on every thread; nothing waits.
 */
public final class SourceCounts {
  private static final int PLACES = 1 << 16;

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final AtomicIntegerArray first = new AtomicIntegerArray(PLACES);
  private final AtomicIntegerArray second = new AtomicIntegerArray(PLACES);

  /**
   * Counts a connection unless its source has {@code most} already.
   *
   * @return whether it was counted; then {@link #leave} follows, with the same address
   */
  public boolean enter(IpAddress address, int most) {
    long hash = hash(address);
    int one = place(hash);
    int two = place(hash >>> 32);
    int before = Math.min(first.getAndIncrement(one), second.getAndIncrement(two));
    if (before < most) {
      return true;
    }
    first.decrementAndGet(one);
    second.decrementAndGet(two);
    return false;
  }

  /** A connection that was counted is closed. */
  public void leave(IpAddress address) {
    long hash = hash(address);
    first.decrementAndGet(place(hash));
    second.decrementAndGet(place(hash >>> 32));
  }

  private static int place(long hash) {
    return (int) hash & (PLACES - 1);
  }

  private long hash(IpAddress address) {
    return mix(mix((address.isV4() ? address.low() : address.high()) ^ seed) + seed);
  }

  /** Moremur: every bit of the result depends on every bit of {@code bits}. */
  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 27)) * 0x3C79AC492BA7B653L;
    mixed = (mixed ^ (mixed >>> 33)) * 0x1C69B3F74AC4AE35L;
    return mixed ^ (mixed >>> 27);
  }
}
