package dev.weir.controller.status;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes one thread. A signal that comes while nobody waits is kept. {@link #raise} may be called by
 * any thread and doesn't wait.
 */
final class Signal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();
  private boolean pending;

  void raise() {
    lock.lock();
    try {
      pending = true;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a signal, at most so long. */
  void await(Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = longest.toNanos(); left > 0 && !pending; ) {
        left = raised.awaitNanos(left);
      }
      pending = false;
    } finally {
      lock.unlock();
    }
  }
}
