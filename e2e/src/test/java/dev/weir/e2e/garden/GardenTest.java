package dev.weir.e2e.garden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testsupport.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A bounded walk through the garden; {@code e2e/garden/run} takes longer ones. */
@Isolated("Inputs must not be late: what a second does not bring is refused")
class GardenTest {
  private static final int INPUTS = 1_500;

  @Test
  void noServerSeesWhatIsNotAnsweredAndAllSeeTheSame() throws Exception {
    long seed = Seed.get();
    try (var garden = new Garden(Garden.usualServers())) {
      var result = garden.run(Garden.inputs(seed, INPUTS));
      System.out.println(result.summary());
      assertThat(result.faults()).as("seed %d", seed).isEmpty();
      assertThat(result.served()).isGreaterThan(INPUTS);
      assertThat(result.refused()).isGreaterThan(INPUTS / 4);
    }
  }
}
