package dev.weir.e2e.space;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is shipped for installing Weir, on a real API server. */
@Tag(Peers.REAL_API_SERVER)
class InstallTest {
  @Test
  void everyOverlayAndChartIsTakenAndItsContainerServesThePortsAsUser101() {
    var addresses = List.of(InstallScenario.NODE + "/32", InstallScenario.POD + "/32");
    try (var space = NetworkSpace.with("install", addresses)) {
      space.play(InstallScenario.class);
    }
  }

  @Test
  void theWebhooksCertificateIsMadeTrustedAndReplacedWithoutAGap() {
    try (var space = NetworkSpace.with("certificate", List.of(InstallScenario.NODE + "/32"))) {
      space.play(CertificateScenario.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Rights.class)
  void theRightsThatAreGivenAreExactlyThoseThatAreUsed(Rights rights) {
    var addresses =
        List.of(RealApiServerScenario.NODE + "/32", RealApiServerScenario.POD_1 + "/32");
    try (var space = NetworkSpace.with("rights", addresses)) {
      space.play(ReportScenario.class, "-D" + Rights.PROPERTY + "=" + rights.name());
    }
  }
}
