package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.http.IpAddress;
import dev.weir.testsupport.Seed;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {
  private static IpAddress ip(String text) {
    return Objects.requireNonNull(IpAddress.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.0/8                 | 10.255.0.1        | true",
        "10.0.0.0/8                 | 11.0.0.0          | false",
        "10.1.2.3/8                 | 10.0.0.0          | true",
        "10.0.0.1                   | 10.0.0.1          | true",
        "10.0.0.1                   | 10.0.0.2          | false",
        "0.0.0.0/0                  | 255.255.255.255   | true",
        "0.0.0.0/0                  | 2001:db8::1       | false",
        "0.0.0.0/0                  | ::ffff:192.0.2.1  | true",
        "::/0                       | 2001:db8::1       | true",
        "::/0                       | 192.0.2.1         | false",
        "::ffff:10.0.0.0/104        | 10.9.9.9          | true",
        "2001:db8::/32              | 2001:db8:ffff::   | true",
        "2001:db8::/32              | 2001:db9::        | false",
        "2001:db8::7                | 2001:db8::7       | true",
        "10.0.0.0/8, 2001:db8::/32  | 2001:db8::7       | true"
      })
  void aRangeHoldsItsAddresses(String ranges, String address, boolean held) {
    assertThat(AddressSet.parse(ranges).contains(ip(address))).isEqualTo(held);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "10.0.0.0/8,",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0.0/08",
        "::/129",
        "10.0.0/8",
        "localhost",
        "10.0.0.0/8 11.0.0.0/8",
        "10.0.0.0/8/8",
        "[::1]/128",
        "1.2.3.4;deny all"
      })
  void whatIsNoListOfRangesIsRefused(String list) {
    assertThatThrownBy(() -> AddressSet.parse(list)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theComplaintQuotesTheEntry() {
    assertThatThrownBy(() -> AddressSet.parse("10.0.0.0/8, 10.0.0.300"))
        .hasMessage("\"10.0.0.300\" is neither an address nor a range");
  }

  @Test
  void rangesThatTouchOrOverlapBecomeOne() {
    var set = AddressSet.parse("10.128.0.0/9, 10.0.0.0/9, 10.3.0.0/16, ::/1, 8000::/1");
    assertThat(set.size()).isEqualTo(2);
    assertThat(set).isEqualTo(AddressSet.parse("::/0,10.0.0.0/8"));
    assertThat(set).hasSameHashCodeAs(AddressSet.parse("::/0,10.0.0.0/8"));
    assertThat(set).hasToString("10.0.0.0/8 ::/0");
    assertThat(AddressSet.parse("10.0.0.0, 10.0.0.1, 10.0.0.2")).hasToString("10.0.0.0-10.0.0.2");
  }

  @Test
  void aSetHoldsWhatOneOfItsRangesHolds() {
    long seed = Seed.get();
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int round = 0; round < 400; round++) {
      var ranges = new ArrayList<Range>();
      for (int i = random.nextInt(40) + 1; i > 0; i--) {
        ranges.add(Range.random(random));
      }
      var set = AddressSet.parse(ranges.stream().map(Range::text).toList());
      for (var probe : probes(ranges, random)) {
        assertThat(set.contains(probe))
            .as("seed %d, %s in %s", seed, probe, ranges)
            .isEqualTo(ranges.stream().anyMatch(range -> range.holds(probe)));
      }
    }
  }

  private static List<IpAddress> probes(List<Range> ranges, RandomGenerator random) {
    var probes = new ArrayList<IpAddress>();
    for (var range : ranges) {
      for (int step = -1; step <= 1; step++) {
        probes.add(Range.address(range.first().add(BigInteger.valueOf(step)), range.four));
        probes.add(Range.address(range.last().add(BigInteger.valueOf(step)), range.four));
      }
      probes.add(Range.random(random).address);
    }
    return probes;
  }

  /** The naive model: a range as numbers. */
  private record Range(IpAddress address, int prefix, boolean four) {
    static Range random(RandomGenerator random) {
      boolean four = random.nextBoolean();
      // Few bits, so that ranges meet.
      int bits = random.nextInt() & 0xc0c0_c0ff;
      var address =
          four ? IpAddress.ofV4(bits) : new IpAddress((long) bits << 32, random.nextInt(4));
      int prefix = random.nextInt(four ? 33 : 129);
      return new Range(address, prefix, four);
    }

    String text() {
      return address.text() + "/" + prefix;
    }

    boolean holds(IpAddress probe) {
      var number = number(probe);
      return probe.isV4() == four
          && number.compareTo(first()) >= 0
          && number.compareTo(last()) <= 0;
    }

    private int free() {
      return (four ? 32 : 128) - prefix;
    }

    BigInteger first() {
      return number(address).shiftRight(free()).shiftLeft(free());
    }

    BigInteger last() {
      return first().add(BigInteger.ONE.shiftLeft(free())).subtract(BigInteger.ONE);
    }

    static BigInteger number(IpAddress address) {
      return new BigInteger(
          1, ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low()).array());
    }

    /** The address of a number; where that is none of the family, the nearest. */
    static IpAddress address(BigInteger number, boolean four) {
      var least = four ? number(IpAddress.ofV4(0)) : BigInteger.ZERO;
      var most =
          four
              ? number(IpAddress.ofV4(-1))
              : BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
      var inside = number.max(least).min(most);
      return new IpAddress(inside.shiftRight(64).longValue(), inside.longValue());
    }
  }
}
