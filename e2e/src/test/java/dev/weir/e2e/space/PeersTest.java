package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Says in every run which peers the tests had. */
class PeersTest {
  @Test
  void thisRunSaysWhichApiServerItUsed() {
    System.out.println(Peers.line());
    assertThat(Peers.line()).startsWith("e2e: API server: ");
  }
}
