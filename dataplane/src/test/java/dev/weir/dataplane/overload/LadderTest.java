package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadderTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "HEAP, 0.69, NORMAL",
    "HEAP, 0.70, SHORT_IDLE",
    "HEAP, 0.85, NO_KEEP_ALIVE",
    "HEAP, 0.90, SHED",
    "HEAP, 0.99, NO_ACCEPTS",
    "DIRECT_MEMORY, 0.80, NO_KEEP_ALIVE",
    "DESCRIPTORS, 0.99, NO_KEEP_ALIVE",
    "DESCRIPTORS, 1.00, NO_ACCEPTS",
    "QUEUE_DELAY, 0.099, NORMAL",
    "QUEUE_DELAY, 0.1, SHED",
    "QUEUE_DELAY, 1.5, NO_ACCEPTS"
  })
  void aReadingAsksForItsRungAtOnce(Signal signal, double reading, Rung rung) {
    var ladder = new Ladder(signal);
    ladder.take(reading, 0);
    assertThat(ladder.rung()).isEqualTo(rung);
  }

  @Test
  void aRungIsLeftWhenTheReadingWasClearlyLowerForASecond() {
    var ladder = new Ladder(Signal.HEAP);
    assertThat(ladder.take(0.91, 0)).isTrue();
    assertThat(ladder.take(0.85, 5 * SECOND)).as("not clearly lower").isFalse();
    assertThat(ladder.take(0.60, 5 * SECOND + SECOND / 2)).as("not for long").isFalse();
    assertThat(ladder.take(0.85, 6 * SECOND)).isFalse();
    assertThat(ladder.take(0.60, 6 * SECOND + SECOND / 2)).as("needed meanwhile").isFalse();
    assertThat(ladder.take(0.60, 7 * SECOND)).isTrue();
    assertThat(ladder.rung()).isEqualTo(Rung.NORMAL);
  }

  @Test
  void aReadingThatSwingsAroundAThresholdDoesNotMoveTheRung() {
    var ladder = new Ladder(Signal.DIRECT_MEMORY);
    var moves = new ArrayList<Double>();
    for (int i = 0; i < 1000; i++) {
      double reading = i % 2 == 0 ? 0.805 : 0.795;
      if (ladder.take(reading, i * SECOND)) {
        moves.add(reading);
      }
    }
    assertThat(moves).isEqualTo(List.of(0.805));
  }

  @Test
  void onlyMeasuresThatHelpAreTaken() {
    var delay = new Ladder(Signal.QUEUE_DELAY);
    delay.take(2, 0);
    assertThat(delay.measures()).containsExactlyInAnyOrder(Rung.SHED, Rung.NO_ACCEPTS);
    var descriptors = new Ladder(Signal.DESCRIPTORS);
    descriptors.take(1, 0);
    assertThat(descriptors.measures())
        .containsExactlyInAnyOrder(Rung.SHORT_IDLE, Rung.NO_KEEP_ALIVE, Rung.NO_ACCEPTS);
    var heap = new Ladder(Signal.HEAP);
    heap.take(0.93, 0);
    assertThat(heap.measures())
        .containsExactlyInAnyOrder(Rung.SHORT_IDLE, Rung.NO_KEEP_ALIVE, Rung.SHED);
  }

  @Test
  void theHeapIsCollectedWhileItCountsAsFullAndLessOftenEachTime() {
    var runs = new ArrayList<Long>();
    var now = new long[1];
    var collections = new HeapCollections(() -> 0, () -> runs.add(now[0] / SECOND), () -> now[0]);
    for (; now[0] < 60 * SECOND; now[0] += SECOND / 20) {
      collections.ask(Rung.NO_KEEP_ALIVE, now[0]);
    }
    assertThat(runs).containsExactly(3L, 9L, 21L, 45L);
    collections.ask(Rung.NORMAL, now[0]);
    runs.clear();
    collections.ask(Rung.SHED, 100 * SECOND);
    now[0] = 103 * SECOND;
    collections.ask(Rung.SHED, now[0]);
    assertThat(runs).containsExactly(103L);
  }

  /** Nobody else would have it collected, and what was found last would count for ever. */
  @Test
  void whileNobodyIsServedTheHeapIsCollectedAgainAndAgainHoweverOftenThatDidNotHelp() {
    var runs = new ArrayList<Long>();
    var now = new long[1];
    var collections = new HeapCollections(() -> 0, () -> runs.add(now[0] / SECOND), () -> now[0]);
    for (; now[0] < 3600 * SECOND; now[0] += SECOND) {
      collections.ask(Rung.SHORT_IDLE, now[0]);
    }
    assertThat(runs.getLast() - runs.get(runs.size() - 2)).isEqualTo(600);
    runs.clear();
    for (; now[0] < 3640 * SECOND; now[0] += SECOND) {
      collections.ask(Rung.NO_ACCEPTS, now[0]);
    }
    assertThat(runs).containsExactly(3603L, 3609L, 3619L, 3629L, 3639L);
  }

  @Test
  void aHeapThatTakesLongToCollectIsCollectedForATenthOfTheTimeAtMost() {
    var runs = new ArrayList<Long>();
    var now = new long[1];
    var collections =
        new HeapCollections(
            () -> 0,
            () -> {
              runs.add(now[0] / SECOND);
              now[0] += 4 * SECOND;
            },
            () -> now[0]);
    for (; now[0] < 100 * SECOND; now[0] += SECOND) {
      collections.ask(Rung.NO_ACCEPTS, now[0]);
    }
    assertThat(runs).containsExactly(3L, 43L, 83L);
  }

  /** Connections that last, WebSockets say, may never become clearly fewer. */
  @Test
  void acceptingGoesOnWhenAFewDescriptorsAreFree() {
    var ladder = new Ladder(Signal.DESCRIPTORS);
    ladder.take(1, 0);
    assertThat(ladder.take(0.97, SECOND)).isTrue();
    assertThat(ladder.rung()).isEqualTo(Rung.NO_KEEP_ALIVE);
  }
}
