package dev.weir.dataplane.upstream;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections of one loop that no request may use any more, until they are closed: a few in
 * each turn. Thousands become unneeded at once where many endpoints leave or a burst of requests
 * has passed, and a close takes some 20 us, which all others would wait for.
 *
 * <p>Owned by its event loop.
 */
final class UnneededConnections implements Runnable {
  /** Closed in one turn: some 3 ms. */
  static final int MOST_CLOSED = 128;

  private static final long PAUSE = 1_000_000L;

  private final EventLoop loop;
  private final ArrayDeque<Http1Connection> waiting = new ArrayDeque<>();
  private boolean planned;

  UnneededConnections(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Closes it soon, never now: the loop may hold an event of its descriptor, and a socket that is
   * opened in its place would get the same descriptor and that event.
   */
  void add(Http1Connection connection) {
    waiting.add(connection);
    if (!planned) {
      planned = true;
      loop.execute(this);
    }
  }

  @Override
  public void run() {
    for (int left = MOST_CLOSED; left > 0; left--) {
      var next = waiting.poll();
      if (next == null) {
        planned = false;
        return;
      }
      next.close();
    }
    // Not as a task: all of those belong to one turn.
    var _ = loop.schedule(this, PAUSE, TimeUnit.NANOSECONDS);
  }

  /** Closes one now that counts for that load, null for any; false if there is none. */
  boolean closeOne(@Nullable ServiceLoad load) {
    for (var each = waiting.iterator(); each.hasNext(); ) {
      var connection = each.next();
      if (load == null || connection.load() == load) {
        each.remove();
        connection.close();
        return true;
      }
    }
    return false;
  }

  /** Closes all now. */
  void closeAll() {
    for (var next = waiting.poll(); next != null; next = waiting.poll()) {
      next.close();
    }
  }

  /** How many there are. */
  int size() {
    return waiting.size();
  }
}
