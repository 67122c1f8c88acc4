package dev.weir.dataplane.codec;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that is moved at every request and hardly ever reached. Moving it costs a field: the
 * scheduled task stays, and goes to sleep again when it wakes too early. Owned by its event loop.
 */
final class LazyTimer implements Runnable {
  private final EventLoop loop;
  private final Runnable action;
  private boolean armed;
  private long deadline;
  private long wakesAt;
  private @Nullable ScheduledFuture<?> wake;

  LazyTimer(EventLoop loop, Runnable action) {
    this.loop = loop;
    this.action = action;
  }

  /** Sets the deadline, replacing an earlier one. */
  void start(long nanos) {
    long now = System.nanoTime();
    armed = true;
    deadline = now + nanos;
    var current = wake;
    if (current != null && wakesAt - deadline > 0) {
      current.cancel(false);
      wake = null;
    }
    if (wake == null) {
      schedule(nanos);
    }
  }

  void stop() {
    armed = false;
  }

  boolean armed() {
    return armed;
  }

  /** Stops and gives the task up. */
  void close() {
    armed = false;
    var current = wake;
    if (current != null) {
      current.cancel(false);
      wake = null;
    }
  }

  private void schedule(long nanos) {
    wakesAt = System.nanoTime() + nanos;
    wake = loop.schedule(this, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    wake = null;
    if (!armed) {
      return;
    }
    long left = deadline - System.nanoTime();
    if (left > 0) {
      schedule(left);
    } else {
      armed = false;
      action.run();
    }
  }
}
