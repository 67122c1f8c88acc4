package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it comes: what waits to be taken, how much of it is to come, and how
 * much the client may send (RFC 9113 5.2, 8.1.1). Owned by the connection's event loop.
 */
final class Http2Body {
  private static final long NOT_MEASURED = -1;

  /** Smaller pieces are copied, so that they don't hold on to the large buffer they came in. */
  private static final int COPY_BELOW = 4 * 1024;

  /** And larger ones, too, that would hold on to a buffer more than so many times their size. */
  private static final int MOST_KEPT = 4;

  private final Http2ServerConnection connection;
  private final int id;
  private final ReceivedBytes waiting = new ReceivedBytes();
  private @Nullable BodyPace pace;
  private long left = NOT_MEASURED;
  private int window = Http2Frame.USUAL_WINDOW;
  private int ungranted;
  private long overdueAt;
  private boolean anything;
  private boolean raw;
  private boolean wanted;
  private boolean ended;
  private boolean dropped;
  private boolean taken;
  private boolean closed;
  private boolean settles;
  private int freed;

  /** Since the next piece is waited for, the client was not allowed to send any. */
  private boolean heldUp;

  private int shuts;

  Http2Body(Http2ServerConnection connection, int id) {
    this.connection = connection;
    this.id = id;
  }

  void begin(RequestHead head, boolean end) {
    ended = end;
    taken = end && head.upgrade().isEmpty();
    left = head.bodyLength() < 0 || !head.upgrade().isEmpty() ? NOT_MEASURED : head.bodyLength();
  }

  /** The bytes of another protocol follow: no pace is expected of them. */
  void goRaw() {
    raw = true;
    taken = false;
    overdueAt = 0;
  }

  /** DATA comes, padding included; false if the client was not allowed so much. */
  boolean spend(int bytes) {
    window -= bytes;
    return window >= 0;
  }

  /**
   * Bytes came.
   *
   * @param in read from as far as they are wanted
   * @return false if there are more or fewer than announced
   */
  boolean receive(ByteBuf in, int size, boolean end) {
    anything = true;
    ended |= end;
    if (dropped) {
      return true;
    }
    if (left >= 0) {
      left -= size;
      if (left < 0 || (end && left > 0)) {
        return false;
      }
    }
    if (size > 0) {
      came(size);
      if (size < COPY_BELOW || (long) size * MOST_KEPT < in.capacity()) {
        waiting.copy(connection.alloc(), in, size);
      } else {
        waiting.add(connection.alloc(), in.readRetainedSlice(size));
      }
      connection.held().hold(size);
    }
    if (end) {
      overdueAt = 0;
    }
    return true;
  }

  private void came(int size) {
    var current = pace;
    if (current != null && overdueAt != 0) {
      overdueAt = 0;
      current.came(System.nanoTime(), size);
    }
  }

  /** The body ends without more bytes; false if fewer came than announced, and were wanted. */
  boolean end() {
    ended = true;
    overdueAt = 0;
    return left <= 0 || dropped;
  }

  /** Whether the client has sent all. */
  boolean ended() {
    return ended;
  }

  /** Whether the last piece was taken. */
  boolean taken() {
    return taken;
  }

  /** Whether something waits to be taken. */
  boolean holdsSome() {
    return !waiting.isEmpty();
  }

  boolean nothingReceived() {
    return !anything;
  }

  /** When the next piece is overdue, by {@link System#nanoTime}; 0 if none is waited for. */
  long overdueAt() {
    return overdueAt;
  }

  /** Nobody wants it: what comes is thrown away. */
  void drop(boolean end) {
    dropped = true;
    ended = end;
    overdueAt = 0;
    release();
  }

  /**
   * The request is answered: a client that has little left of it, or doesn't say how much, may send
   * that little, so that it comes to its end in good order. Nothing is granted beyond that: what
   * comes and is thrown away is bounded by the window.
   */
  void allowRest() {
    boolean little = left <= BodyDiscard.MOST;
    int rest = left < 0 || !little ? Http2Frame.USUAL_WINDOW : (int) left;
    if (!ended && little && window < rest) {
      connection.parts().frames().windowUpdate(id, rest - window);
      window = rest;
    }
  }

  /** Lets go of what waits. */
  void release() {
    var bytes = waiting.take();
    if (bytes != null) {
      connection.held().release(bytes.readableBytes());
      bytes.release();
      if (!closed) {
        settleSoon();
      }
    }
    overdueAt = 0;
  }

  /** The next piece is wanted. */
  void want(boolean upgraded) {
    wanted = true;
    if (overdueAt == 0 && !upgraded && !raw && !ended && !dropped && waiting.isEmpty()) {
      beginWait();
      connection.watch(overdueAt);
    }
  }

  /** From now on the next piece is waited for. */
  private void beginWait() {
    var current = pace;
    if (current == null) {
      current = new BodyPace();
      pace = current;
    }
    long now = System.nanoTime();
    overdueAt = now + current.await(now, connection.limits().body());
    watchWindows();
  }

  private void watchWindows() {
    var credit = connection.parts().credit();
    heldUp = window <= 0 || credit.isShut();
    shuts = credit.shuts();
  }

  /**
   * The next piece is overdue. That isn't the client's fault if it was not allowed to send one in
   * the meantime, because an endpoint doesn't take what came before: then it has all of the time
   * again.
   *
   * @return when it is overdue now; 0 if the client took too long
   */
  long putOff(long now) {
    boolean before = heldUp || connection.parts().credit().shuts() != shuts;
    watchWindows();
    var current = pace;
    if (current == null || !(before || heldUp)) {
      return 0;
    }
    long limit = connection.limits().body();
    var _ = current.await(now, limit);
    overdueAt = now + limit;
    return overdueAt;
  }

  boolean canDeliver() {
    return wanted && !dropped && (!waiting.isEmpty() || (ended && !taken));
  }

  /** What waits; the reference is the caller's. */
  ByteBuf take() {
    wanted = false;
    taken = ended;
    var bytes = waiting.take();
    if (bytes == null) {
      return Unpooled.EMPTY_BUFFER;
    }
    return new HeldBytes(connection.alloc(), bytes, connection.downstream().loop(), this::onFreed);
  }

  /** Nobody holds these bytes any more. */
  private void onFreed(int bytes) {
    connection.held().release(bytes);
    freed += bytes;
    settleSoon();
  }

  /** Has what was let go of granted to whoever waits, but not from inside of what let go of it. */
  void settleSoon() {
    // At the end of a connection there is nothing to grant, and the loop may take no more tasks.
    if (!settles && !connection.ending()) {
      settles = true;
      connection.downstream().loop().execute(this::settle);
    }
  }

  private void settle() {
    settles = false;
    int bytes = freed;
    freed = 0;
    if (!closed) {
      grant(bytes);
    }
    connection.onTaken();
  }

  /** The stream is over. */
  void close() {
    closed = true;
    release();
  }

  /** Grants bytes that nobody will take, or that nobody holds any more. */
  void grant(int bytes) {
    ungranted += bytes;
    boolean enough = left >= 0 && left <= window;
    if (ungranted >= Http2Frame.USUAL_WINDOW / 2 && !ended && !dropped && !enough) {
      boolean shut = window <= 0;
      window += ungranted;
      connection.parts().frames().windowUpdate(id, ungranted);
      ungranted = 0;
      if (shut && overdueAt != 0) {
        beginWait();
      }
    }
  }
}
