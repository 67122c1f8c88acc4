package dev.weir.e2e.fault;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How fast clients that go on during a fault ask. In every build they leave a little time between
 * two requests: what they show is that none fails, and without it they would take all of the
 * machine from tests beside them. By hand they ask as fast as they can.
 *
 * <p>Thread rule: any thread, which waits itself.
 */
final class Pace {
  private static final int MILLIS = 3;

  private final CountDownLatch never = new CountDownLatch(1);
  private final boolean asFastAsPossible = FaultList.isFull();

  /** Waits for as long as a client leaves between two requests. */
  void pause() {
    if (asFastAsPossible) {
      return;
    }
    try {
      var _ = never.await(MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
