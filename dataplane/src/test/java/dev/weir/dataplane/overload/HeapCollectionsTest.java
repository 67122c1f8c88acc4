package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the heap is collected so that it can be read; {@link LadderTest} has how often at most. */
class HeapCollectionsTest {
  private static final long SECOND = 1_000_000_000L;

  private static final class Readings implements LiveHeap {
    private double part;
    private long findings;
    private boolean exact = true;
    private boolean unknown;

    @Override
    public double part() {
      return part;
    }

    @Override
    public long findings() {
      return findings;
    }

    @Override
    public boolean exact() {
      return exact;
    }

    @Override
    public boolean unknown() {
      return unknown;
    }
  }

  private final Readings heap = new Readings();
  private final List<Double> runs = new ArrayList<>();
  private double live;
  private final HeapCollections collections = new HeapCollections(heap, this::collect, () -> 0);

  private void collect() {
    runs.add(heap.part);
    heap.part = live;
    heap.exact = true;
    heap.unknown = false;
    heap.findings++;
  }

  @Test
  void requestsAreNotRefusedForGarbage() {
    live = 0.5;
    heap.exact = false;
    heap.part = 0.95;
    assertThat(collections.reading(Rung.SHORT_IDLE, 0)).isEqualTo(0.5);
    assertThat(runs).hasSize(1);
  }

  @Test
  void requestsAreRefusedForWhatLives() {
    live = 0.92;
    heap.exact = false;
    heap.part = 0.95;
    assertThat(collections.reading(Rung.NO_KEEP_ALIVE, 0)).isEqualTo(0.92);
    assertThat(collections.reading(Rung.SHED, 0)).isEqualTo(0.92);
    assertThat(runs).hasSize(1);
  }

  @Test
  void whatIsInDoubtTooSoonAfterACollectionRefusesNothing() {
    live = 0.5;
    heap.exact = false;
    heap.part = 0.95;
    assertThat(collections.reading(Rung.NORMAL, 0)).isEqualTo(0.5);
    heap.exact = false;
    heap.part = 0.97;
    double doubtful = collections.reading(Rung.NORMAL, SECOND);
    assertThat(Signal.HEAP.entered(doubtful)).isEqualTo(Rung.NO_KEEP_ALIVE);
    assertThat(runs).hasSize(1);
    assertThat(collections.reading(Rung.NORMAL, 3 * SECOND)).isEqualTo(0.5);
    assertThat(runs).hasSize(2);
  }

  @Test
  void aReadingThatRefusesNothingIsTakenAsItIs() {
    heap.exact = false;
    heap.part = 0.89;
    assertThat(collections.reading(Rung.NORMAL, 0)).isEqualTo(0.89);
    assertThat(runs).isEmpty();
  }

  @Test
  void aFullHeapThatNobodyLookedAtIsCollectedOnce() {
    live = 0.75;
    heap.unknown = true;
    assertThat(collections.reading(Rung.NORMAL, 0)).isEqualTo(0.75);
    assertThat(collections.reading(Rung.NORMAL, 9 * SECOND)).isEqualTo(0.75);
    assertThat(runs).hasSize(1);
  }

  @Test
  void whileTheCollectorFindsSomethingByItselfItIsNotAsked() {
    heap.exact = false;
    heap.part = 0.75;
    live = 0.75;
    long now = 0;
    for (; now < 60 * SECOND; now += SECOND) {
      heap.findings += now % (2 * SECOND) == 0 ? 1 : 0;
      collections.ask(Rung.SHORT_IDLE, now);
    }
    assertThat(runs).isEmpty();
    for (; now < 66 * SECOND; now += SECOND) {
      collections.ask(Rung.SHORT_IDLE, now);
    }
    assertThat(runs).hasSize(1);
  }

  /** What it finds may be too much, and nothing else would show it. */
  @Test
  void whileRequestsAreRefusedOnlyWhatIsExactSavesACollection() {
    heap.part = 0.92;
    live = 0.92;
    long now = 0;
    for (; now < 30 * SECOND; now += SECOND) {
      heap.findings++;
      collections.ask(Rung.SHED, now);
    }
    assertThat(runs).isEmpty();
    for (; now < 60 * SECOND; now += SECOND) {
      heap.findings++;
      heap.exact = false;
      collections.ask(Rung.SHED, now);
    }
    assertThat(runs).hasSizeBetween(2, 5);
  }
}
