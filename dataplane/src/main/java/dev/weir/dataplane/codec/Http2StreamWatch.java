package dev.weir.dataplane.codec;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks at the deadlines of a connection's streams when the first of them may be due: one timer for
 * all, which a deadline that moves away doesn't touch. One of them is of all streams together: that
 * of a client which opens more than it was told it may, and doesn't say that it knows. Owned by the
 * connection's event loop.
 */
final class Http2StreamWatch {
  /** Between two looks at whether the client was told. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Http2Streams streams;
  private final Supplier<ServerLimits> limits;
  private final Supplier<Http2Parts> parts;
  private final Runnable onDefied;
  private final LazyTimer timer;
  private long due;

  /**
   * Looks at nothing yet.
   *
   * @param parts of the connection, once they are there
   * @param onDefied ends the connection of a client that doesn't mind how many streams it may open
   */
  Http2StreamWatch(
      EventLoop loop,
      Http2Streams streams,
      Supplier<ServerLimits> limits,
      Supplier<Http2Parts> parts,
      Runnable onDefied) {
    this.parts = parts;
    this.onDefied = onDefied;
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

  /** There is one more stream, maybe more than the client was told it may have. */
  void onOpened() {
    if (streams.tooMany()) {
      at(System.nanoTime() + Math.min(MOST_NANOS, limits.get().head()));
    }
  }

  /** Looks no more. */
  void close() {
    timer.close();
  }

  private void look() {
    long now = System.nanoTime();
    var current = limits.get();
    if (streams.tooMany()) {
      if (!parts.get().frames().settingsTaken()) {
        streams.untold(now);
      }
      if (now - streams.toldAt() >= current.head()) {
        onDefied.run();
        return;
      }
      onOpened();
    }
    for (var stream : streams.all()) {
      long next = stream.check(now, current);
      if (next != 0) {
        at(next);
      }
    }
  }
}
