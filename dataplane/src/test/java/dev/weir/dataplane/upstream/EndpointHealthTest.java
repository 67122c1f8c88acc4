package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** hardening.md F11, as a matter of times only. */
class EndpointHealthTest {
  private static final long T = 1_000_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final EndpointHealth health = new EndpointHealth();

  @Test
  void oneFailedConnectKeepsRequestsAwayAndOneTriesItWhenTheTimeIsOver() {
    health.connectFailed(T, T + 1);
    health.connectFailed(T, T + 2);
    assertThat(health.healthy()).isFalse();
    assertThat(health.admits(T + 200 * MILLI)).isFalse();
    assertThat(health.admits(T + 251 * MILLI)).isTrue();
    assertThat(health.admits(T + 252 * MILLI)).isFalse();
    health.connectFailed(T + 251 * MILLI, T + 260 * MILLI);
    assertThat(health.admits(T + 700 * MILLI)).isFalse();
    assertThat(health.admits(T + 760 * MILLI)).isTrue();
    health.connected();
    assertThat(health.healthy()).isTrue();
  }

  @Test
  void threeUnansweredRequestsInARowEjectAndTwoDoNot() {
    health.requestFailed(T, T + 1);
    health.requestFailed(T, T + 2);
    assertThat(health.healthy()).isTrue();
    health.replied();
    health.requestFailed(T, T + 3);
    health.requestFailed(T, T + 4);
    assertThat(health.healthy()).isTrue();
    health.requestFailed(T, T + 5);
    assertThat(health.healthy()).isFalse();
  }

  @Test
  void anEndpointThatTakesConnectionsAndAnswersNothingStaysAwayForLongerAndLonger() {
    long now = T;
    for (int i = 0; i < 3; i++) {
      health.requestFailed(now, now);
    }
    for (long wait : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      assertThat(health.admits(now + wait * 1000 * MILLI - 1)).isFalse();
      now += wait * 1000 * MILLI;
      assertThat(health.admits(now)).isTrue();
      // That it can be connected to is no answer, and one failed trial is enough.
      health.connected();
      health.requestFailed(now, now);
    }
    health.replied();
    assertThat(health.healthy()).isTrue();
    health.requestFailed(now, now);
    assertThat(health.healthy()).isTrue();
  }

  @Test
  void requestsFromBeforeTheEjectionDoNotProlongIt() {
    for (int i = 0; i < 3; i++) {
      health.requestFailed(T, T + 10);
    }
    for (int i = 0; i < 50; i++) {
      health.requestFailed(T, T + 20 + i);
    }
    assertThat(health.admits(T + 1001 * MILLI)).isTrue();
  }
}
