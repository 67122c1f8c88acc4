package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  /** 1,000 sockets: 800 of clients. */
  private final Descriptors descriptors = new Descriptors(1_132, 100);

  private static int taken(int wanted, Descriptors from) {
    return (int) IntStream.range(0, wanted).filter(i -> from.tryClient()).count();
  }

  /** How many connections an upstream gets that asks for so many more. */
  private int connect(int before, int wanted) {
    int own = before;
    for (int i = 0; i < wanted; i++) {
      if (!descriptors.tryUpstream(own + 1)) {
        break;
      }
      own++;
    }
    return own;
  }

  @Test
  void clientsGetFourFifthsOfWhatIsNotKeptBack() {
    assertThat(taken(2_000, descriptors)).isEqualTo(800);
    assertThat(descriptors.full()).isTrue();
    assertThat(descriptors.clientLimit()).isEqualTo(800);
    descriptors.clientEnds();
    assertThat(descriptors.full()).isFalse();
    assertThat(descriptors.tryClient()).isTrue();
  }

  @Test
  void endpointsGetTheirConnectionsWhenAllClientsAreThere() {
    taken(800, descriptors);
    assertThat(connect(0, 1_000)).isEqualTo(88);
    assertThat(connect(0, 1_000)).as("another upstream").isEqualTo(44);
  }

  @Test
  void manyUpstreamsThatHangLeaveSomethingForOneMore() {
    taken(400, descriptors);
    int hanging = 0;
    for (int i = 0; i < 15; i++) {
      hanging += connect(0, 1_000);
    }
    assertThat(hanging).isGreaterThan(550);
    assertThat(connect(0, 1)).isEqualTo(1);
  }

  @Test
  void clientsWaitWhileEndpointsHaveWhatIsLeft() {
    int upstreams = 0;
    for (int i = 0; i < 3; i++) {
      upstreams += connect(0, 1_000);
    }
    assertThat(upstreams).isBetween(850, 870);
    assertThat(taken(1_000, descriptors)).isEqualTo(1_000 - upstreams);
    assertThat(descriptors.full()).isTrue();
    descriptors.upstreamEnds();
    assertThat(descriptors.full()).isFalse();
  }

  @Test
  void theUseIsTheMostSinceItWasLastAskedFor() {
    taken(800, descriptors);
    IntStream.range(0, 600).forEach(i -> descriptors.clientEnds());
    assertThat(descriptors.takeClientUse()).isEqualTo(1);
    assertThat(descriptors.takeClientUse()).isEqualTo(0.25);
  }

  /** Who heard that there is no room rests until the use says that there is room again. */
  @Test
  void noRoomBesideEndpointsIsSaidEvenThoughThereAreFewClients() {
    connect(0, 1_000);
    taken(400, descriptors);
    connect(0, 1_000);
    int left = taken(1_000, descriptors);
    assertThat(descriptors.clients()).isEqualTo(400 + left).isLessThan(800);
    assertThat(descriptors.takeClientUse()).isGreaterThanOrEqualTo(1);
    assertThat(descriptors.takeClientUse()).as("still none").isGreaterThanOrEqualTo(1);
    IntStream.range(0, 100).forEach(i -> descriptors.clientEnds());
    assertThat(descriptors.takeClientUse()).as("the most since").isEqualTo(1);
    assertThat(descriptors.takeClientUse()).isLessThan(1);
  }

  @Test
  void noRoomIsSaidThoughThereIsSomeAgain() {
    taken(800, descriptors);
    descriptors.takeClientUse();
    assertThat(descriptors.full()).isTrue();
    descriptors.clientEnds();
    descriptors.others(0);
    assertThat(descriptors.full()).isFalse();
    assertThat(descriptors.takeClientUse()).isGreaterThanOrEqualTo(1);
    assertThat(descriptors.takeClientUse()).isLessThan(1);
  }

  @Test
  void aSystemWithoutALimitAllowsAsManyAsOneLikes() {
    assertThat(new Descriptors(-1, 100).clientLimit()).isGreaterThan(1_000_000_000);
  }

  @Test
  void otherThingsTakeFromBoth() {
    descriptors.others(600);
    assertThat(descriptors.clientLimit()).isEqualTo(400);
    descriptors.others(5_000);
    assertThat(descriptors.clientLimit()).as("never none at all").isEqualTo(1);
  }
}
