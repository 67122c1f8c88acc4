package dev.weir.dataplane.codec;

import io.netty.channel.EventLoop;
import java.util.function.Supplier;

/**
 * Looks at the deadlines of a connection's streams when the first of them may be due: one timer for
 * all, which a deadline that moves away doesn't touch. Owned by the connection's event loop.
 */
final class Http2StreamWatch {
  private final Http2Streams streams;
  private final Supplier<ServerLimits> limits;
  private final LazyTimer timer;
  private long due;

  Http2StreamWatch(EventLoop loop, Http2Streams streams, Supplier<ServerLimits> limits) {
    this.streams = streams;
    this.limits = limits;
    this.timer = new LazyTimer(loop, this::look);
  }

  /** Something may be overdue at that time, by {@link System#nanoTime}. */
  void at(long time) {
    if (!timer.armed() || time - due < 0) {
      due = time;
      timer.start(Math.max(0, time - System.nanoTime()));
    }
  }

  /** Looks no more. */
  void close() {
    timer.close();
  }

  private void look() {
    long now = System.nanoTime();
    var current = limits.get();
    for (var stream : streams.all()) {
      long next = stream.check(now, current);
      if (next != 0) {
        at(next);
      }
    }
  }
}
