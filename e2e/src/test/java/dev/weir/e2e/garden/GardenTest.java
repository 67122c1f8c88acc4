package dev.weir.e2e.garden;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** A bounded walk through the garden; {@code e2e/garden/run} takes longer ones. */
class GardenTest {
  private static final int INPUTS = 1_000;

  @Test
  void noServerSeesWhatIsNotAnsweredAndAllSeeTheSame() throws Exception {
    long seed = Long.getLong("weir.seed", System.nanoTime());
    System.out.println("seed " + seed);
    var servers = new ArrayList<RealServer>();
    servers.add(new JettyServer());
    servers.add(new TomcatServer());
    servers.add(new UndertowServer());
    if (Files.isExecutable(NodeServer.PROGRAM)) {
      servers.add(new NodeServer());
    } else {
      System.out.println(
          "Not selected: Node in the garden (" + NodeServer.PROGRAM + " is absent).");
    }
    try (var garden = new Garden(servers)) {
      var result = garden.run(seed, INPUTS);
      System.out.println(
          "garden: %d inputs, %d replies, %d requests served, %d refused"
              .formatted(result.inputs(), result.replies(), result.served(), result.refused()));
      assertThat(result.faults()).as("seed %d", seed).isEmpty();
      assertThat(result.served()).isGreaterThan(INPUTS);
      assertThat(result.refused()).isGreaterThan(INPUTS / 4);
    }
  }
}
