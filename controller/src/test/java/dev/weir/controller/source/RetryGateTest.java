package dev.weir.controller.source;

import static dev.weir.controller.source.ApiServerFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryGateTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void whoeverWaitsGoesOnWhenAnotherOneGotAnAnswer() throws Exception {
    var second = Duration.ofSeconds(1);
    var timing = new ApiServerTiming(second, second, second, second, HOUR, HOUR, HOUR);
    try (var gate = new RetryGate("http://127.0.0.1:1", timing)) {
      var waiting = Thread.ofPlatform().daemon().start(() -> awaitServer(gate));
      until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
      gate.answered();
      assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  private static void awaitServer(RetryGate gate) {
    try {
      gate.awaitServer(HOUR, "no answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
