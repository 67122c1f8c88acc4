package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.IpAddress;
import dev.weir.testsupport.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceCountsTest {
  private final SourceCounts counts = new SourceCounts();

  private static IpAddress address(String text) {
    return java.util.Objects.requireNonNull(IpAddress.parse(text));
  }

  private int enter(String text, int tries, int most) {
    int entered = 0;
    for (int i = 0; i < tries; i++) {
      entered += counts.enter(address(text), most) ? 1 : 0;
    }
    return entered;
  }

  @Test
  void aSourceHasAsManyAsItMayAndGetsMoreWhenOneLeaves() {
    assertThat(enter("192.0.2.1", 20, 8)).isEqualTo(8);
    assertThat(enter("192.0.2.2", 20, 8)).as("another one").isEqualTo(8);
    counts.leave(address("192.0.2.1"));
    assertThat(enter("192.0.2.1", 20, 8)).isEqualTo(1);
  }

  @Test
  void aNetworkOfIpv6IsOneSource() {
    assertThat(enter("2001:db8:0:1::1", 5, 8)).isEqualTo(5);
    assertThat(enter("2001:db8:0:1:ffff::2", 5, 8)).isEqualTo(3);
    assertThat(enter("2001:db8:0:2::1", 5, 8)).as("the next network").isEqualTo(5);
  }

  @Test
  void whoHasFewIsNotRefusedBecauseOfManyOthers() {
    long seed = Seed.get();
    var random = new Random(seed);
    int sources = 50_000;
    int refused = 0;
    for (int i = 0; i < sources; i++) {
      var address = IpAddress.ofV4(random.nextInt());
      for (int k = 0; k < 4; k++) {
        refused += counts.enter(address, 1_000) ? 0 : 1;
      }
    }
    assertThat(refused).as("seed " + seed).isZero();
  }
}
