package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** hardening.md 1.2: 60 s between bytes, and 500 B/s after 30 s. */
class BodyPaceTest {
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);
  private final BodyPace pace = new BodyPace();
  private long now = 1_000_000_000_000L;

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  /** Waits for a piece that takes so long; whether it comes in time. */
  private boolean piece(long nanos, int bytes) {
    if (pace.await(now, LIMIT) < nanos) {
      return false;
    }
    now += nanos;
    pace.came(now, bytes);
    return true;
  }

  @Test
  void aTrickleIsCutOffAfterHalfOfTheLimit() {
    pace.start();
    int pieces = 0;
    while (piece(seconds(1), 100)) {
      pieces++;
    }
    assertThat(pieces).isBetween(30, 40);
  }

  @Test
  void aSlowButSteadyBodyIsNot() {
    pace.start();
    for (int i = 0; i < 10_000; i++) {
      assertThat(piece(seconds(1), 500)).isTrue();
    }
  }

  @Test
  void onePauseIsForgivenAndBytesBeforeItCount() {
    pace.start();
    assertThat(piece(seconds(1), 100_000)).isTrue();
    assertThat(piece(seconds(59), 1)).isTrue();
    assertThat(piece(seconds(61), 1)).isFalse();
  }

  @Test
  void timeThatTheProxyDoesNotWaitForTheClientDoesNotCount() {
    pace.start();
    for (int i = 0; i < 100; i++) {
      assertThat(piece(seconds(0), 1)).isTrue();
      now += seconds(60);
    }
    assertThat(piece(seconds(29), 1)).isTrue();
  }

  @Test
  void everyBodyBeginsAnew() {
    pace.start();
    piece(seconds(29), 1);
    pace.start();
    assertThat(piece(seconds(29), 1)).isTrue();
  }
}
