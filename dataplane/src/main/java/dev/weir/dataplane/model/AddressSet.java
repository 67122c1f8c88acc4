package dev.weir.dataplane.model;

import dev.weir.dataplane.http.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A set of IP addresses made of ranges in CIDR notation. Looking one up takes O(log n) and no
 * memory.
 *
 * <p>Ranges are kept as sorted intervals that neither touch nor overlap, in two plain arrays: an
 * IPv4 interval is a pair of numbers, an IPv6 interval two pairs. The families don't mix: {@code
 * ::/0} holds no IPv4 address, {@code 0.0.0.0/0} no other than those. A range of IPv4-mapped IPv6
 * addresses is one of IPv4. Immutable; sets of the same addresses are equal.
 */
public final class AddressSet {
  /** No address. */
  public static final AddressSet NONE = new AddressSet(new long[0], new long[0]);

  /** Every address. */
  public static final AddressSet ALL = parse(List.of("0.0.0.0/0", "::/0"));

  private static final int MAPPED_BITS = 96;

  // from, to, from, to, …: unsigned 32 bits each.
  private final long[] v4;

  // high and low of from, high and low of to, …
  private final long[] v6;

  private record Interval(IpAddress from, IpAddress to) {}

  private AddressSet(long[] v4, long[] v6) {
    this.v4 = v4;
    this.v6 = v6;
  }

  /**
   * The addresses of a list separated by commas: {@code 10.0.0.0/8, 2001:db8::1}.
   *
   * @throws IllegalArgumentException if an entry, which the message quotes, is neither an address
   *     nor a range
   */
  public static AddressSet parse(String list) {
    return parse(Arrays.stream(list.split(",", -1)).map(String::strip).toList());
  }

  /**
   * The addresses of all ranges. Bits below the prefix count for nothing: {@code 10.1.2.3/8} is
   * {@code 10.0.0.0/8}.
   *
   * @param ranges addresses, or addresses with prefix length
   * @throws IllegalArgumentException if one, which the message quotes, has another form
   */
  public static AddressSet parse(List<String> ranges) {
    var four = new ArrayList<Interval>();
    var six = new ArrayList<Interval>();
    for (var range : ranges) {
      var interval = interval(range);
      (interval.from.isV4() && interval.to.isV4() ? four : six).add(interval);
    }
    var v4 = merge(four);
    var flat4 = new long[v4.size() * 2];
    for (int i = 0; i < v4.size(); i++) {
      flat4[2 * i] = v4.get(i).from.v4();
      flat4[2 * i + 1] = v4.get(i).to.v4();
    }
    var v6 = merge(six);
    var flat6 = new long[v6.size() * 4];
    for (int i = 0; i < v6.size(); i++) {
      var interval = v6.get(i);
      flat6[4 * i] = interval.from.high();
      flat6[4 * i + 1] = interval.from.low();
      flat6[4 * i + 2] = interval.to.high();
      flat6[4 * i + 3] = interval.to.low();
    }
    return new AddressSet(flat4, flat6);
  }

  private static Interval interval(String range) {
    int slash = range.indexOf('/');
    var address = IpAddress.parse(range, 0, slash < 0 ? range.length() : slash);
    if (address == null) {
      throw new IllegalArgumentException("\"" + range + "\" is neither an address nor a range");
    }
    boolean four = range.indexOf(':') < 0;
    int most = four ? 32 : 128;
    int prefix = slash < 0 ? most : prefix(range, slash + 1);
    if (prefix < 0 || prefix > most) {
      throw new IllegalArgumentException(
          "\"" + range + "\" has no prefix length between 0 and " + most);
    }
    int bits = four ? MAPPED_BITS + prefix : prefix;
    long high = mask(bits);
    long low = mask(bits - 64);
    return new Interval(
        new IpAddress(address.high() & high, address.low() & low),
        new IpAddress(address.high() | ~high, address.low() | ~low));
  }

  private static int prefix(String range, int from) {
    int digits = range.length() - from;
    if (digits < 1 || digits > 3 || (digits > 1 && range.charAt(from) == '0')) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < range.length(); i++) {
      char c = range.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  /** The first {@code bits} of 64 set. */
  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
  }

  private static List<Interval> merge(List<Interval> intervals) {
    intervals.sort(Comparator.comparing(Interval::from, AddressSet::compare));
    var merged = new ArrayList<Interval>();
    for (var next : intervals) {
      var last = merged.isEmpty() ? null : merged.getLast();
      if (last == null || (compare(next.from, after(last.to)) > 0 && !isLast(last.to))) {
        merged.add(next);
      } else if (compare(next.to, last.to) > 0) {
        merged.set(merged.size() - 1, new Interval(last.from, next.to));
      }
    }
    return merged;
  }

  private static IpAddress after(IpAddress address) {
    long low = address.low() + 1;
    return new IpAddress(low == 0 ? address.high() + 1 : address.high(), low);
  }

  private static boolean isLast(IpAddress address) {
    return address.high() == -1 && address.low() == -1;
  }

  private static int compare(IpAddress a, IpAddress b) {
    return compare(a.high(), a.low(), b);
  }

  private static int compare(long high, long low, IpAddress b) {
    int byHigh = Long.compareUnsigned(high, b.high());
    return byHigh == 0 ? Long.compareUnsigned(low, b.low()) : byHigh;
  }

  /** Whether the set holds the address. */
  public boolean contains(IpAddress address) {
    return address.isV4() ? containsV4(address.v4()) : containsV6(address);
  }

  private boolean containsV4(long address) {
    int low = 0;
    int high = v4.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (address < v4[2 * middle]) {
        high = middle - 1;
      } else if (address > v4[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  private boolean containsV6(IpAddress address) {
    int low = 0;
    int high = v6.length / 4 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int at = 4 * middle;
      if (compare(v6[at], v6[at + 1], address) > 0) {
        high = middle - 1;
      } else if (compare(v6[at + 2], v6[at + 3], address) < 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Number of intervals. */
  int size() {
    return v4.length / 2 + v6.length / 4;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressSet set
        && Arrays.equals(v4, set.v4)
        && Arrays.equals(v6, set.v6);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(v4) + Arrays.hashCode(v6);
  }

  @Override
  public String toString() {
    var words = new ArrayList<String>();
    for (int i = 0; i < v4.length; i += 2) {
      words.add(text(IpAddress.ofV4((int) v4[i]), IpAddress.ofV4((int) v4[i + 1])));
    }
    for (int i = 0; i < v6.length; i += 4) {
      words.add(text(new IpAddress(v6[i], v6[i + 1]), new IpAddress(v6[i + 2], v6[i + 3])));
    }
    return String.join(" ", words);
  }

  /** As one range in CIDR notation if it is one. */
  private static String text(IpAddress from, IpAddress to) {
    int same =
        from.high() == to.high()
            ? 64 + Long.numberOfLeadingZeros(from.low() ^ to.low())
            : Long.numberOfLeadingZeros(from.high() ^ to.high());
    long high = mask(same);
    long low = mask(same - 64);
    boolean range =
        (from.high() & ~high) == 0
            && (from.low() & ~low) == 0
            && (to.high() | high) == -1
            && (to.low() | low) == -1;
    int prefix = from.isV4() ? same - MAPPED_BITS : same;
    return range ? from + "/" + prefix : from + "-" + to;
  }
}
