package dev.weir.controller.source;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cuts answers that take too long. May be used from any thread. */
final class Watchdog implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  Watchdog() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("api-watchdog").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Closes {@code body} after {@code limit}, unless the returned guard is touched or closed. */
  Guard guard(ApiBody body, Duration limit) {
    var guard = new Guard(body, limit);
    guard.arm(limit.toNanos());
    return guard;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** The limit of one answer. */
  final class Guard implements AutoCloseable {
    private final ApiBody body;
    private final Duration limit;
    private volatile long deadline;
    private volatile boolean cut;
    private volatile @Nullable ScheduledFuture<?> check;

    private Guard(ApiBody body, Duration limit) {
      this.body = body;
      this.limit = limit;
      touch();
    }

    /** There was progress: the time starts anew. */
    void touch() {
      deadline = System.nanoTime() + limit.toNanos();
    }

    /** Whether the time ran out. */
    boolean cut() {
      return cut;
    }

    private void arm(long nanos) {
      check = timer.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
      long left = deadline - System.nanoTime();
      if (left > 0) {
        arm(left);
        return;
      }
      cut = true;
      body.close();
    }

    @Override
    public void close() {
      var pending = check;
      if (pending != null) {
        pending.cancel(false);
      }
    }
  }
}
