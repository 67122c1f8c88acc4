package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.filter.BodyTransform;
import dev.weir.dataplane.filter.BodyTransform.After;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.ReplyRate;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a reply's body that doesn't go straight to the client: changed, slowed down, or both.
 *
 * <p>What is to be changed waits here until the read that brought it is over, at most one read of
 * the upstream: so what came together is changed together, and it is known that nothing more is
 * there. It is changed in turns, as much in each as the transform wants, and only while the client
 * takes what is sent; other connections of the loop have their turns in between. Nothing more is
 * read meanwhile. What waits counts for the client's connection.
 *
 * <p>Owned by the exchange's event loop.
 */
final class ReplyBody implements ReplyPace.Outlet {
  private static final int SWITCHING = 101;

  private final Exchange exchange;
  private final @Nullable BodyTransform transform;
  private final @Nullable ReplyPace pace;
  private final ReplyRoom room;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>(2);
  private int kept;
  private boolean endComes;
  private boolean turnPlanned;
  private boolean closed;

  private ReplyBody(
      Exchange exchange, @Nullable BodyTransform transform, @Nullable ReplyRate rate) {
    this.exchange = exchange;
    this.transform = transform;
    this.pace = rate == null ? null : new ReplyPace(rate, System::nanoTime, this::wake, this);
    this.room = pace == null ? exchange.client() : new PacedRoom(exchange.client(), pace);
  }

  /**
   * The way of the body of a reply whose head is about to be sent; null for straight. An upgraded
   * connection has no limit of its rate.
   *
   * @param ended whether there is no body
   * @param rate null for no limit
   */
  static @Nullable ReplyBody of(
      Exchange exchange,
      ReplyHead reply,
      HeadEdits edits,
      boolean ended,
      @Nullable ReplyRate rate) {
    if (ended && !exchange.head().method().equals("HEAD")) {
      return null;
    }
    var transform = exchange.plan().replies().transform(exchange, reply, edits);
    if (ended) {
      if (transform != null) {
        transform.close();
        edits.remove("content-length");
      }
      return null;
    }
    var limit = reply.status() == SWITCHING ? null : rate;
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

  /** What bounds reads of the body. */
  ReplyRoom room() {
    return room;
  }

  private void keep(int bytes) {
    kept += bytes;
    exchange.client().keeps(bytes);
  }

  /** Takes a piece from the upstream, and its reference. */
  void take(ByteBuf data, boolean ended) {
    if (transform == null) {
      pass(data, ended);
      return;
    }
    waiting.add(data);
    keep(data.readableBytes());
    endComes = ended;
    if (ended && !turnPlanned) {
      change(transform);
    } else {
      planTurn();
    }
  }

  private void planTurn() {
    if (!turnPlanned) {
      turnPlanned = true;
      exchange.client().downstream().loop().execute(this::onTurn);
    }
  }

  private void onTurn() {
    turnPlanned = false;
    if (closed || transform == null) {
      return;
    }
    try {
      change(transform);
    } catch (RuntimeException e) {
      exchange.fail(new ProxyError.LocalFault(e));
    }
  }

  private void change(BodyTransform by) {
    int left = by.turn();
    for (var next = waiting.peek(); next != null && left > 0; next = waiting.peek()) {
      if (!takesMore()) {
        return;
      }
      boolean whole = next.readableBytes() <= left;
      var data = whole ? waiting.remove() : next.readRetainedSlice(left);
      left -= data.readableBytes();
      keep(-data.readableBytes());
      boolean last = whole && waiting.isEmpty();
      boolean ended = last && endComes;
      pass(by.piece(data, ended ? After.END : last ? After.PAUSE : After.MORE), ended);
      if (closed) {
        return;
      }
    }
    if (!waiting.isEmpty()) {
      planTurn();
    } else if (!endComes && takesMore()) {
      exchange.pullReply();
    }
  }

  private boolean takesMore() {
    return writable() && (pace == null || !pace.holds());
  }

  private void pass(ByteBuf data, boolean ended) {
    if (pace == null) {
      exchange.deliver(data, ended);
    } else if (ended || data.isReadable()) {
      keep(data.readableBytes());
      pace.send(data, ended);
    } else {
      data.release();
    }
  }

  /** Whether something waits here, so that no more may be asked for. */
  boolean holds() {
    return !waiting.isEmpty() || (pace != null && pace.holds());
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
    closed = true;
    for (var next = waiting.poll(); next != null; next = waiting.poll()) {
      next.release();
    }
    if (pace != null) {
      pace.cancel();
    }
    if (transform != null) {
      transform.close();
    }
    keep(-kept);
  }

  @Override
  public boolean writable() {
    return exchange.client().writable();
  }

  @Override
  public void send(ByteBuf data, boolean ended) {
    keep(-data.readableBytes());
    exchange.deliver(data, ended);
  }

  @Override
  public void drained() {
    if (waiting.isEmpty()) {
      exchange.pullReply();
    } else {
      planTurn();
    }
  }
}
