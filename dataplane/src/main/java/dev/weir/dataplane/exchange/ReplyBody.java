package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.BodyTransform;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.model.ReplyRate;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a reply's body that doesn't go straight to the client: changed, slowed down, or both.
 * Owned by the exchange's event loop.
 */
final class ReplyBody implements ReplyPace.Outlet {
  private static final int SWITCHING = 101;

  private final Exchange exchange;
  private final @Nullable BodyTransform transform;
  private final @Nullable ReplyPace pace;

  private ReplyBody(
      Exchange exchange, @Nullable BodyTransform transform, @Nullable ReplyRate rate) {
    this.exchange = exchange;
    this.transform = transform;
    this.pace = rate == null ? null : new ReplyPace(rate, System::nanoTime, this::wake, this);
  }

  /**
   * The way of the body of a reply whose head is about to be sent; null for straight.
   *
   * @param rate for no limit null; an upgraded connection has none
   */
  static @Nullable ReplyBody of(
      Exchange exchange, int status, @Nullable BodyTransform transform, @Nullable ReplyRate rate) {
    var limit = status == SWITCHING ? null : rate;
    return transform == null && limit == null ? null : new ReplyBody(exchange, transform, limit);
  }

  private FilterOutcome.Handle wake(long nanos, Runnable task) {
    var planned = exchange.client().downstream().loop().schedule(task, nanos, TimeUnit.NANOSECONDS);
    return () -> planned.cancel(false);
  }

  /** Whether the body's length stays as announced. */
  boolean measured() {
    return transform == null;
  }

  /** Takes a piece from the upstream, and its reference. */
  void take(ByteBuf data, boolean ended) {
    var piece = transform == null ? data : transform.piece(data, ended);
    if (pace == null) {
      exchange.deliver(piece, ended);
    } else {
      pace.send(piece, ended);
    }
  }

  /** Whether something waits here, so that no more may be asked for. */
  boolean holds() {
    return pace != null && pace.holds();
  }

  /** The client takes more again. */
  void onWritable() {
    if (pace == null) {
      drained();
    } else {
      pace.onWritable();
    }
  }

  /** Lets go of what waits; called once, at the exchange's end. */
  void close() {
    if (pace != null) {
      pace.cancel();
    }
    if (transform != null) {
      transform.close();
    }
  }

  @Override
  public boolean writable() {
    return exchange.client().writable();
  }

  @Override
  public void send(ByteBuf data, boolean ended) {
    exchange.deliver(data, ended);
  }

  @Override
  public void drained() {
    exchange.pullReply();
  }
}
