package dev.weir.e2e.space;

import dev.weir.e2e.fault.Fault;
import dev.weir.e2e.fault.Injection;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Names of ExternalName Services that don't resolve, or to what they must not (F23). */
class NamesTest {
  @Fault("F23")
  @Tag(Peers.NETWORK_SPACE)
  void namesThatFailHurtNobodyElseAndForbiddenAddressesAreNeverCalled(Injection fault) {
    var addresses =
        List.of(
            NamesScenario.POD + "/32",
            NamesScenario.OUTSIDE + "/32",
            NamesScenario.METADATA + "/32");
    try (var space = NetworkSpace.with("names", addresses)) {
      var log = space.play(NamesScenario.class, "-D" + NamesScenario.FIGURE + "=" + fault.figure());
      var line = log.await(NamesScenario.FAILED_LOOKUPS);
      fault.add(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));
    }
  }
}
