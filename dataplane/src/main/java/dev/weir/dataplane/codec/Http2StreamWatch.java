package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the deadlines of a connection's streams when the first of them may be due: one timer for
 * all, which a deadline that moves away doesn't touch. A client may take too long over a body, over
 * what it takes of a reply, and over the rest of a request that is answered; and a request of ours
 * to go on may be due that waits. One deadline is of all streams together: that of a client which
 * opens more than it was told it may, and doesn't say that it knows.
 *
 * <p>Owned by the connection's event loop; times by {@link System#nanoTime}.
 */
final class Http2StreamWatch {
  /** Between two looks at whether the client was told. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Http2ServerConnection connection;
  private final LazyTimer timer;
  private long due;

  /** Looks at nothing yet. */
  Http2StreamWatch(Http2ServerConnection connection) {
    this.connection = connection;
    this.timer = new LazyTimer(connection.downstream().loop(), this::look);
  }

  /** Something may be overdue at that time. */
  void at(long time) {
    if (!timer.armed() || time - due < 0) {
      due = time;
      timer.start(Math.max(0, time - System.nanoTime()));
    }
  }

  /** There is one more stream, maybe more than the client was told it may have. */
  void onOpened() {
    if (connection.streams().tooMany()) {
      at(System.nanoTime() + Math.min(MOST_NANOS, connection.limits().head()));
    }
  }

  /** Looks no more. */
  void close() {
    timer.close();
  }

  private void look() {
    long now = System.nanoTime();
    var limits = connection.limits();
    var streams = connection.streams();
    if (streams.tooMany()) {
      if (connection.backlog().waits() || !connection.parts().frames().settingsTaken()) {
        streams.untold(now);
      }
      if (now - streams.toldAt() >= limits.head()) {
        connection.fail(
            new Http2Fault(
                Http2Error.SETTINGS_TIMEOUT, "more streams than SETTINGS allow, unanswered"));
        return;
      }
      onOpened();
    }
    long more = connection.backlog().check(now);
    if (more != 0) {
      at(more);
    }
    for (var stream : streams.all()) {
      long next = check(stream, now, limits);
      if (next != 0) {
        at(next);
      }
    }
  }

  /** Ends what is overdue of a stream; when to look again, 0 for never. */
  private long check(Http2ServerStream stream, long now, ServerLimits limits) {
    var rest = stream.rest();
    if (rest != null) {
      return rest.check(connection, stream, now);
    }
    long next = stream.waits() ? connection.requests().retry(stream, now) : 0;
    long bodyDue = stream.body().overdueAt();
    if (bodyDue != 0) {
      if (bodyDue - now <= 0) {
        bodyDue = stream.body().putOff(now);
      }
      if (bodyDue == 0) {
        stream.bodyTookTooLong();
        return 0;
      }
      next = earlier(next, bodyDue);
    }
    long stalledAt = stream.outbound().stalledAt();
    if (stalledAt != 0) {
      long giveUp = stalledAt + limits.send();
      if (giveUp - now <= 0) {
        connection.requests().onStalled(stream);
        return 0;
      }
      next = earlier(next, giveUp);
    }
    return next;
  }

  /** The earlier one of two times; 0 is none. */
  private static long earlier(long time, long other) {
    return time == 0 || other - time < 0 ? other : time;
  }
}
