package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.IpAddress;
import java.util.HashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTableTest {
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void itHoldsWhatAMapHoldsWhateverComesAndGoes(long seed) {
    var random = new SplittableRandom(seed);
    var table = new AddressTable(1, Integer.MAX_VALUE, (slots, at) -> slots[at]);
    var map = new HashMap<IpAddress, Long>();
    for (int i = 0; i < 100_000; i++) {
      var address = new IpAddress(random.nextInt(3), random.nextInt(500));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          int at = table.find(address);
          assertThat(at != AddressTable.ABSENT).isEqualTo(map.remove(address) != null);
          if (at != AddressTable.ABSENT) {
            table.remove(at);
            table.shrink();
          }
        }
        case 3, 4, 5 -> {
          long value = 1L + random.nextInt(100);
          int at = table.findOrAdd(address);
          table.slots()[at] = value;
          map.put(address, value);
        }
        default -> {
          int at = table.find(address);
          var expected = map.get(address);
          assertThat(at == AddressTable.ABSENT ? null : (Long) table.slots()[at])
              .as("seed %d, step %d, %s", seed, i, address)
              .isEqualTo(expected);
        }
      }
      assertThat(table.size()).isEqualTo(map.size());
    }
  }

  @Test
  void theUnknownAddressIsAnAddressOfItsOwn() {
    var table = new AddressTable(1, 100, (slots, at) -> slots[at]);
    int unknown = table.findOrAdd(IpAddress.NONE);
    table.slots()[unknown] = 7;
    int other = table.findOrAdd(new IpAddress(0, 1));
    table.slots()[other] = 8;
    assertThat(table.slots()[table.find(IpAddress.NONE)]).isEqualTo(7);
    assertThat(table.find(new IpAddress(0, 2))).isEqualTo(AddressTable.ABSENT);
  }

  @Test
  void countsRiseToTheLimitAndFallToNothing() {
    var counts = new AddressCounts();
    var client = new IpAddress(1, 2);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 8; i++) {
        assertThat(counts.enter(client, 8)).isTrue();
      }
      assertThat(counts.enter(client, 8)).isFalse();
      assertThat(counts.enter(new IpAddress(1, 3), 8)).isTrue();
      counts.leave(new IpAddress(1, 3));
      for (int i = 0; i < 8; i++) {
        counts.leave(client);
      }
      assertThat(counts.size()).isZero();
    }
  }
}
