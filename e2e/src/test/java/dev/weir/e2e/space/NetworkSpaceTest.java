package dev.weir.e2e.space;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program where pods and Services have addresses of their own. */
class NetworkSpaceTest {
  @Test
  @Tag(Peers.NETWORK_SPACE)
  void onlyPodAddressesSeeConnectionsAndTheUsualPortsAreBound() {
    var addresses =
        List.of(
            PodsScenario.NODE + "/32",
            PodsScenario.POD_1 + "/32",
            PodsScenario.POD_2 + "/32",
            PodsScenario.POD_6 + "/128",
            PodsScenario.CLUSTER_IP + "/32");
    try (var space = NetworkSpace.with("pods", addresses)) {
      space.play(PodsScenario.class);
    }
  }

  @Test
  @Tag(Peers.NETWORK_SPACE)
  @Tag(Peers.PROMETHEUS)
  void prometheusScrapesAndTheQueriesOfDashboardsHaveAnswers() {
    try (var space = NetworkSpace.with("prometheus", List.of())) {
      space.play(PrometheusScenario.class);
    }
  }

  @Test
  @Tag(Peers.REAL_API_SERVER)
  void aRealApiServerIsFollowedThroughChangesAndARestart() {
    var addresses =
        List.of(
            RealApiServerScenario.NODE + "/32",
            RealApiServerScenario.POD_1 + "/32",
            RealApiServerScenario.POD_2 + "/32");
    try (var space = NetworkSpace.with("real", addresses)) {
      space.play(RealApiServerScenario.class);
    }
  }
}
