package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Says in every run which peers the tests had. */
class PeersTest {
  @Test
  void thisRunSaysWhichApiServerItUsed(TestReporter reporter) {
    reporter.publishEntry("peers", Peers.line());
    System.out.println(Peers.line());
    assertThat(Peers.line()).startsWith("e2e: API server: ");
  }
}
