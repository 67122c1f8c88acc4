package dev.weir.dataplane.filters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.dataplane.http.IpAddress;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Requests in flight by client address (nginx's {@code limit_conn}). An address without any takes
 * no memory.
 *
 * <p>May be used from any thread; each call holds one of some locks for a few dozen instructions.
 */
final class AddressCounts {
  private static final int STRIPES = 16;

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final AddressTable[] stripes = new AddressTable[STRIPES];

  /** The counts of all scopes, which outlive the filters that a change replaces. */
  static final class Registry {
    private final Cache<String, AddressCounts> byScope = Caffeine.newBuilder().weakValues().build();

    /** The counts of that scope, for as long as somebody holds on to them. */
    AddressCounts of(String scope) {
      return byScope.get(scope, any -> new AddressCounts());
    }
  }

  /** Nobody yet. */
  AddressCounts() {
    for (int i = 0; i < STRIPES; i++) {
      // No bound of its own: what is in flight holds a connection, which is what is bounded.
      stripes[i] = new AddressTable(1, Integer.MAX_VALUE, (slots, at) -> slots[at]);
    }
  }

  /** Counts a request, unless that address has {@code most} already. */
  boolean enter(IpAddress client, int most) {
    var table = stripe(client);
    synchronized (table) {
      int at = table.findOrAdd(client);
      if (table.slots()[at] >= most) {
        return false;
      }
      table.slots()[at]++;
      return true;
    }
  }

  /** A request that was counted is over. */
  void leave(IpAddress client) {
    var table = stripe(client);
    synchronized (table) {
      int at = table.find(client);
      if (at != AddressTable.ABSENT && --table.slots()[at] == 0) {
        table.remove(at);
        table.shrink();
      }
    }
  }

  private AddressTable stripe(IpAddress client) {
    return stripes[(int) AddressTable.hash(client, seed) & (STRIPES - 1)];
  }

  /** Addresses with a request in flight. */
  int size() {
    int all = 0;
    for (var table : stripes) {
      synchronized (table) {
        all += table.size();
      }
    }
    return all;
  }
}
