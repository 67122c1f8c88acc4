package dev.weir.dataplane;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Waits for turns of all event loops; on any thread but theirs. */
final class LoopTurns {
  private final EventLoopGroup loops;

  LoopTurns(EventLoopGroup loops) {
    this.loops = loops;
  }

  /** Until every loop has ended the turn that it is in now; no longer than that for all of them. */
  void await(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    var turns = new ArrayList<Future<?>>();
    try {
      for (var loop : loops) {
        turns.add(loop.submit(() -> {}));
      }
    } catch (RejectedExecutionException e) {
      // Closing: no loop has requests to lose.
      return;
    }
    for (var turn : turns) {
      long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
      turn.awaitUninterruptibly(left);
    }
  }
}
