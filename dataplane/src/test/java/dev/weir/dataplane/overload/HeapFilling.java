package dev.weir.dataplane.overload;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Fills the heap with garbage that lies among some that lives, then with what lives, and lets go of
 * it; says where the heap's ladder stood. The program of {@link LiveHeapTest}.
 */
public final class HeapFilling {
  private static final int PIECE = 1024;
  private static final int PIECES_PER_LOOK = 32;
  private static final long PERIOD = 50_000_000L;
  private static final int MOST_LOOKS = 100_000;

  private final LiveHeap heap = LiveHeap.system();
  private final HeapCollections collections = new HeapCollections(heap);
  private final Ladder ladder = new Ladder(Signal.HEAP);
  private final Random random = new Random(7);
  private final int room = (int) (Runtime.getRuntime().maxMemory() / PIECE);
  private final byte[][] some = new byte[room / 4][];
  private List<byte[]> all = new ArrayList<>(room);
  private long now;
  private int pieces;

  private HeapFilling() {}

  /** Runs it. */
  public static void main(String[] args) {
    new HeapFilling().run();
  }

  private void look() {
    now += PERIOD;
    ladder.take(collections.reading(ladder.rung(), now), now);
    collections.ask(ladder.rung(), now);
  }

  private byte[] piece() {
    if (++pieces % PIECES_PER_LOOK == 0) {
      look();
    }
    return new byte[PIECE];
  }

  private boolean refused() {
    return ladder.rung().compareTo(Rung.SHED) >= 0;
  }

  private void run() {
    boolean wasRefused = false;
    for (int i = 0; i < 10 * room; i++) {
      some[random.nextInt(some.length)] = piece();
      wasRefused |= refused();
    }
    System.out.println("garbage: requests are " + (wasRefused ? "refused" : "served"));
    while (!refused() && all.size() < room) {
      all.add(piece());
    }
    System.out.println("what lives: requests are " + (refused() ? "refused" : "served"));
    all = List.of();
    for (int i = 0; i < MOST_LOOKS && ladder.rung() != Rung.NORMAL; i++) {
      look();
    }
    System.out.println("gone: " + ladder.rung());
  }
}
