package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class G1HeapTest {
  private static final long MIB = 1 << 20;

  private static final int ROOM = 180;

  private long young;
  private long marks;
  private long full;
  private long used;
  private G1Heap heap;

  @BeforeEach
  void empty() {
    heap = new G1Heap(() -> new G1Heap.Seen(young, marks, full, used * MIB), ROOM * MIB);
  }

  private void assertLive(double mebibytes) {
    assertThat(heap.part() * ROOM).isCloseTo(mebibytes, within(1e-6));
  }

  /** A young collection, after which so much is in use. */
  private void young(long mebibytes) {
    young++;
    used = mebibytes;
  }

  /** A pause of marking. */
  private void mark(long mebibytes) {
    marks++;
    used = mebibytes;
  }

  @Test
  void whatYoungCollectionsPromoteSaysNothing() {
    for (int i = 1; i < 190; i++) {
      young(i);
      assertLive(0);
    }
    assertThat(heap.findings()).isZero();
  }

  @Test
  void theLeastAfterMarkingLivesOnceNothingIsGivenBackAnyMore() {
    young(160);
    assertLive(0);
    mark(150);
    assertLive(0);
    mark(150);
    young(151);
    assertLive(0);
    for (int mixed : new int[] {120, 90, 70}) {
      young(mixed);
      assertLive(0);
    }
    young(71);
    assertLive(0);
    young(72);
    assertLive(0);
    young(75);
    assertLive(70);
    assertThat(heap.findings()).isOne();
    assertThat(heap.exact()).isFalse();
    young(170);
    assertLive(70);
  }

  /** The next marking begins at once where much is in use; there is no time between two. */
  @Test
  void aHeapThatIsMarkedAllTheTimeIsReadAllTheSame() {
    young(150);
    for (int i = 0; i < 3; i++) {
      mark(151 + i);
      assertLive(0);
      mark(151 + i);
      assertLive(0);
      young(152 + i);
    }
    assertLive(151);
  }

  @Test
  void whatIsGivenBackCountsAtOnce() {
    full++;
    used = 170;
    assertLive(170);
    young(172);
    mark(100);
    assertLive(100);
    young(101);
    young(60);
    assertLive(60);
  }

  @Test
  void whatTheYoungGenerationHasAndWhatIsMovedNeedsRoom() {
    assertThat(G1Heap.room(200 * MIB, 4 * MIB)).isEqualTo(180 * MIB);
    assertThat(G1Heap.room(96 * MIB, 32 * MIB)).isEqualTo(64 * MIB);
    assertThat(G1Heap.room(96 * MIB, 96 * MIB)).isEqualTo(48 * MIB);
  }

  @Test
  void aFullCollectionIsExact() {
    mark(150);
    assertLive(0);
    full++;
    used = 140;
    assertLive(140);
    assertThat(heap.exact()).isTrue();
    assertThat(heap.findings()).isOne();
    young += 5;
    assertLive(140);
    assertThat(heap.findings()).as("marking ended with it").isOne();
  }

  @Test
  void collectionsThatNobodyLookedBetweenCountTogether() {
    mark(150);
    assertLive(0);
    young += 2;
    young(90);
    assertLive(0);
    young += 3;
    assertLive(90);
  }
}
