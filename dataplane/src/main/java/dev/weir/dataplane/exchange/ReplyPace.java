package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.model.ReplyRate;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a body go to the client no faster than a rate: as nginx, what may go at full speed and the
 * bytes of one second at once, the rest piece by piece as time passes. What came already waits
 * here, at most one read of the upstream; no more is read meanwhile.
 *
 * <p>Owned by the exchange's event loop, on which its timer runs.
 */
final class ReplyPace {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Pieces a second, unless they would be larger than {@link #LARGEST_PIECE}. */
  private static final int PIECES = 8;

  private static final long LARGEST_PIECE = 16 * 1024;

  private final ReplyRate rate;
  private final LongSupplier nanoTime;
  private final Timer timer;
  private final Outlet outlet;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>(2);
  private final long began;
  private boolean endComes;
  private long sent;
  private FilterOutcome.@Nullable Handle wake;

  /** Where it goes. */
  interface Outlet {
    /** Whether the client takes more now. */
    boolean writable();

    /** Takes over the reference. */
    void send(ByteBuf data, boolean ended);

    /** Everything that came has gone; more may come. */
    void drained();
  }

  /** Runs something later on the same event loop. */
  interface Timer {
    /** Returns how to give up. */
    FilterOutcome.Handle in(long nanos, Runnable task);
  }

  /** The body begins now. */
  ReplyPace(ReplyRate rate, LongSupplier nanoTime, Timer timer, Outlet outlet) {
    this.rate = rate;
    this.nanoTime = nanoTime;
    this.timer = timer;
    this.outlet = outlet;
    this.began = nanoTime.getAsLong();
  }

  /** Sends a piece as soon as may be; takes over its reference. */
  void send(ByteBuf data, boolean ended) {
    endComes = ended;
    boolean first = waiting.isEmpty();
    waiting.add(data);
    if (first) {
      go(false);
    }
  }

  /** Whether something waits, so that nothing more should come. */
  boolean holds() {
    return !waiting.isEmpty();
  }

  /** The client takes more again. */
  void onWritable() {
    if (wake == null) {
      go(true);
    }
  }

  /** How many bytes may go soon: those of one piece at least. */
  int room() {
    return Math.clamp(allowed(), (int) piece(), Integer.MAX_VALUE);
  }

  private void go(boolean tell) {
    for (var next = waiting.peek(); next != null; next = waiting.peek()) {
      int size = next.readableBytes();
      long allowed = allowed();
      if (allowed < Math.min(size, piece())) {
        wake = timer.in(nanosUntil(Math.min(size, piece())), this::onTime);
        return;
      }
      if (size > 0 && !outlet.writable()) {
        return;
      }
      if (allowed < size) {
        sent += allowed;
        outlet.send(next.readRetainedSlice((int) allowed), false);
      } else {
        waiting.remove();
        sent += size;
        outlet.send(next, endComes && waiting.isEmpty());
      }
    }
    if (tell && !endComes) {
      outlet.drained();
    }
  }

  private void onTime() {
    wake = null;
    go(true);
  }

  private long piece() {
    return Math.clamp(rate.bytesPerSecond() / PIECES, 1, LARGEST_PIECE);
  }

  private long allowed() {
    double seconds = (nanoTime.getAsLong() - began) / NANOS_PER_SECOND;
    return rate.after() + (long) (rate.bytesPerSecond() * (seconds + 1)) - sent;
  }

  private long nanosUntil(long bytes) {
    double seconds =
        (sent + bytes - rate.after()) / (double) rate.bytesPerSecond()
            - 1
            - (nanoTime.getAsLong() - began) / NANOS_PER_SECOND;
    return Math.max(1, (long) Math.ceil(seconds * NANOS_PER_SECOND));
  }

  /** Forgets what waits. */
  void cancel() {
    var planned = wake;
    wake = null;
    if (planned != null) {
      planned.cancel();
    }
    for (var next = waiting.poll(); next != null; next = waiting.poll()) {
      next.release();
    }
  }
}
