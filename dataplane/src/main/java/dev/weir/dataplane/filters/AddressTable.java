package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.IpAddress;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Numbers by IP address: open addressing with linear probing in one array of longs, so that an
 * address costs no object. A slot is the address's two halves and some columns. Slots that hold
 * nothing worth keeping go when the table is packed.
 *
 * <p>Grows by a third when three quarters full, and is packed to between half and two thirds: at
 * most 16 bytes a number, the address's halves counted as two. An address that is not known ({@link
 * IpAddress#NONE}) is counted as an address of its own.
 *
 * <p>Not thread-safe.
 */
final class AddressTable {
  /** Nothing: what {@link #find} answers. */
  static final int ABSENT = -1;

  private static final int FIRST_CAPACITY = 4;

  /** How many addresses are compared when one has to give way. */
  private static final int CANDIDATES = 16;

  private static final int KEY = 2;

  /** An empty slot has the address {@code ::}; the client without address is {@code ::2:0:0:0}. */
  private static final long UNKNOWN_LOW = 1L << 49;

  /** So that nobody can choose addresses that meet in one place. */
  private final long seed = ThreadLocalRandom.current().nextLong();

  private final int width;
  private final int most;
  private final Worth worth;
  private long[] slots;
  private int capacity;
  private int size;

  /** Tells what is worth keeping. */
  interface Worth {
    /**
     * How much would be lost with a slot.
     *
     * @param at the slot's first column
     * @return 0 or less for nothing at all
     */
    long of(long[] slots, int at);
  }

  /**
   * An empty table.
   *
   * @param columns of each address
   * @param most addresses; beyond them, one of little worth gives way
   * @param worth asked when the table is packed
   */
  AddressTable(int columns, int most, Worth worth) {
    this.width = KEY + columns;
    this.most = most;
    this.worth = worth;
    this.capacity = FIRST_CAPACITY;
    this.slots = new long[capacity * width];
  }

  /** Where the address's first column is in {@link #slots}, or {@link #ABSENT}. */
  int find(IpAddress address) {
    int at = probe(address.high(), low(address));
    return isEmpty(slots, at) ? ABSENT : at + KEY;
  }

  /** As {@link #find}; an absent address gets a slot of zeros. */
  int findOrAdd(IpAddress address) {
    long high = address.high();
    long low = low(address);
    int at = probe(high, low);
    if (!isEmpty(slots, at)) {
      return at + KEY;
    }
    if (size >= most) {
      makeRoom(at / width);
      at = probe(high, low);
    } else if ((size + 1) * 4L > capacity * 3L) {
      pack();
      at = probe(high, low);
    }
    slots[at] = high;
    slots[at + 1] = low;
    size++;
    return at + KEY;
  }

  private static long low(IpAddress address) {
    return address.high() == 0 && address.low() == 0 ? UNKNOWN_LOW : address.low();
  }

  /** The columns; replaced when the table is packed or gets a new address. */
  long[] slots() {
    return slots;
  }

  /** The slot of that address, or the empty one where it would be. */
  private int probe(long high, long low) {
    int slot = home(high, low);
    while (true) {
      int at = slot * width;
      if (isEmpty(slots, at) || (slots[at] == high && slots[at + 1] == low)) {
        return at;
      }
      slot = next(slot);
    }
  }

  private int home(long high, long low) {
    return (int) (((hash(high, low, seed) >>> 32) * capacity) >>> 32);
  }

  /** Spreads addresses in a way that only who knows the seed can foretell. */
  static long hash(IpAddress address, long seed) {
    return hash(address.high(), address.low(), seed);
  }

  private static long hash(long high, long low, long seed) {
    return mix(mix(high ^ seed) + low);
  }

  /** Moremur: every bit of the result depends on every bit of {@code bits}. */
  static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 27)) * 0x3C79AC492BA7B653L;
    mixed = (mixed ^ (mixed >>> 33)) * 0x1C69B3F74AC4AE35L;
    return mixed ^ (mixed >>> 27);
  }

  /** Takes out the least worthy of some addresses that stand together. */
  private void makeRoom(int slot) {
    int looked = slot;
    while (isEmpty(slots, looked * width)) {
      looked = next(looked);
    }
    int poorest = looked;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < CANDIDATES && !isEmpty(slots, looked * width); i++) {
      long lost = worth.of(slots, looked * width + KEY);
      if (lost < least) {
        least = lost;
        poorest = looked;
      }
      looked = next(looked);
    }
    removeSlot(poorest);
  }

  /** Takes an address out, whose first column is at {@code at}. */
  void remove(int at) {
    removeSlot(at / width);
  }

  /** Slots that follow move up, so that nothing stands behind a gap that it was pushed past. */
  private void removeSlot(int slot) {
    int gap = slot;
    for (int i = next(slot); !isEmpty(slots, i * width); i = next(i)) {
      int home = home(slots[i * width], slots[i * width + 1]);
      if (distance(home, i) >= distance(gap, i)) {
        System.arraycopy(slots, i * width, slots, gap * width, width);
        gap = i;
      }
    }
    Arrays.fill(slots, gap * width, (gap + 1) * width, 0);
    size--;
  }

  private int next(int slot) {
    return slot + 1 == capacity ? 0 : slot + 1;
  }

  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + capacity;
  }

  private static boolean isEmpty(long[] slots, int at) {
    return slots[at] == 0 && slots[at + 1] == 0;
  }

  /** Drops what is worth nothing, and makes the table as large as it then needs to be. */
  void pack() {
    int kept = 0;
    for (int at = 0; at < slots.length; at += width) {
      if (isKept(slots, at)) {
        kept++;
      }
    }
    int wanted = capacity;
    // Room for some more than those kept, so that the next to come doesn't have it packed again.
    while (kept * 100L > wanted * 68L - 100) {
      wanted += wanted / 3 + 1;
    }
    if (kept * 4L < wanted) {
      wanted = Math.max(FIRST_CAPACITY, kept * 2);
    }
    if (kept == size && wanted == capacity) {
      return;
    }
    var old = slots;
    slots = new long[wanted * width];
    capacity = wanted;
    size = kept;
    for (int at = 0; at < old.length; at += width) {
      if (isKept(old, at)) {
        System.arraycopy(old, at, slots, probe(old[at], old[at + 1]), width);
      }
    }
  }

  private boolean isKept(long[] from, int at) {
    return !isEmpty(from, at) && worth.of(from, at + KEY) > 0;
  }

  /** Packs it if it is nearly empty. */
  void shrink() {
    if (size * 8L < capacity && capacity > FIRST_CAPACITY) {
      pack();
    }
  }

  /** Forgets everything. */
  void clear() {
    capacity = FIRST_CAPACITY;
    slots = new long[capacity * width];
    size = 0;
  }

  /** Addresses that have a slot. */
  int size() {
    return size;
  }

  /** What the slots take. */
  long bytes() {
    return slots.length * (long) Long.BYTES;
  }
}
