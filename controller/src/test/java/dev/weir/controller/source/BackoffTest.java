package dev.weir.controller.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), new Random(7));

  @Test
  void pausesDoubleUpToTheLongest() {
    long[] ceilings = {1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000};
    for (long ceiling : ceilings) {
      assertThat(backoff.next().toMillis()).isBetween(ceiling / 2, ceiling);
    }
  }

  @Test
  void theLongestPauseStaysTheLongestForever() {
    for (int i = 0; i < 100; i++) {
      backoff.next();
    }
    assertThat(backoff.next()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  @Test
  void aSuccessStartsAnew() {
    backoff.next();
    backoff.next();
    assertThat(backoff.failing()).isTrue();
    backoff.reset();
    assertThat(backoff.failing()).isFalse();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }
}
