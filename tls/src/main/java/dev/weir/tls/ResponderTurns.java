package dev.weir.tls;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One question at a time for each responder: one that is slow holds up those who ask it, and nobody
 * else. Safe for use by many threads.
 */
final class ResponderTurns {
  private final Consumer<Runnable> threads;

  /** By the responder that is being asked: who waits for it. Guarded by itself. */
  private final Map<String, Deque<Runnable>> waiting = new HashMap<>();

  /**
   * With nobody waiting.
   *
   * @param threads run what had to wait; they may drop it when they are closed
   */
  ResponderTurns(Consumer<Runnable> threads) {
    this.threads = threads;
  }

  /** Asks in the caller's thread, or later if the responder is being asked. */
  void ask(String responder, Runnable asking) {
    synchronized (waiting) {
      var others = waiting.get(responder);
      if (others != null) {
        others.add(asking);
        return;
      }
      waiting.put(responder, new ArrayDeque<>());
    }
    run(responder, asking);
  }

  private void run(String responder, Runnable asking) {
    try {
      asking.run();
    } finally {
      next(responder);
    }
  }

  private void next(String responder) {
    Runnable next = null;
    synchronized (waiting) {
      var others = waiting.get(responder);
      if (others != null) {
        next = others.poll();
      }
      if (next == null) {
        waiting.remove(responder);
        return;
      }
    }
    var asking = next;
    threads.accept(() -> run(responder, asking));
  }
}
