package dev.weir.e2e.space;

import dev.weir.e2e.fault.Fault;
import dev.weir.e2e.fault.Injection;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** A node that answers nothing any more (F12). */
class LostNodeTest {
  @Fault("F12")
  @Tag(Peers.NETWORK_SPACE)
  void noGetFailsWhenANodeFallsSilent(Injection fault) {
    var addresses =
        List.of(
            LostNodeScenario.NODE + "/32",
            LostNodeScenario.LOST + "/32",
            LostNodeScenario.STAYS + "/32");
    try (var space = NetworkSpace.with("lost", addresses)) {
      var log =
          space.play(LostNodeScenario.class, "-D" + LostNodeScenario.FIGURE + "=" + fault.figure());
      var line = log.await(LostNodeScenario.LOST_PACKETS);
      fault.add(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));
    }
  }
}
