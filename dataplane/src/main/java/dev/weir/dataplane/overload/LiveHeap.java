package dev.weir.dataplane.overload;

/**
 * What lives in the heap, as far as collections have shown it. What is in use just now says
 * nothing, because garbage may fill the heap at any time without harm. Asked by one thread, at
 * every look.
 */
@FunctionalInterface
public interface LiveHeap {
  /** What was found to live, as a part of what may; 0 before anything was found. */
  double part();

  /** How often something was found; may be behind until {@link #part} is asked. */
  default long findings() {
    return 0;
  }

  /** Whether there was no garbage among what {@link #part} says, rather than little. */
  default boolean exact() {
    return true;
  }

  /** Whether so much is in use that it is time to find something for the first time. */
  default boolean unknown() {
    return false;
  }

  /** This process'. */
  static LiveHeap system() {
    var g1 = G1Heap.running();
    return g1 != null ? g1 : OldGeneration.running();
  }
}
