package dev.weir.e2e.flood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.WeirProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every flood once, from one connection, while others are served. */
@Isolated("Floods are judged by what comes in ten seconds")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FloodTest {
  private static final long PATIENCE_MILLIS = 60_000;

  private final Field field = new Field();

  @AfterAll
  void stop() {
    field.close();
  }

  @ParameterizedTest
  @EnumSource(Flood.class)
  void aFloodIsCutOffOrCostsNoMoreThanAConnectionMay(Flood flood) throws Exception {
    var target = field.target();
    int before = target.cancelled();
    long cutBefore = flood.outcome().cut() ? field.cut(flood.offence()) : 0;
    try (var traffic = new LegitTraffic(field.weir().http());
        var attacker = field.attack(flood)) {
      switch (flood.outcome()) {
        case CUT, CUT_UNREAD -> {
          assertThat(attacker.awaitClosed(PATIENCE_MILLIS)).as("cut off").isTrue();
          assertThat(field.cut(flood.offence())).isEqualTo(cutBefore + 1);
        }
        case BOUNDED, BOUNDED_UNREAD -> {
          assertThat(attacker.awaitWritten()).isTrue();
          traffic.awaitMore(200);
          assertThat(attacker.isClosed()).isFalse();
        }
        case SERVED ->
            WeirProcess.eventually(
                "replies", attacker::replies, replies -> replies == flood.rounds());
      }
      traffic.awaitMore(50);
      attacker.leave();
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
    field.awaitNothingInFlight();
    assertThat(target.cancelled() - before).as("requests in vain").isLessThanOrEqualTo(100);
    field.assertAccounts();
  }
}
