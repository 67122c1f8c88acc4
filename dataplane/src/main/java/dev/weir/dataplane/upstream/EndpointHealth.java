package dev.weir.dataplane.upstream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps requests away from an endpoint that fails them, for a growing time (hardening.md F11). One
 * failed connect is enough, because a request that meets it loses a connect's time; of requests
 * that were sent and not answered it takes three in a row, because one may be the request's own
 * doing. When the time is over, one request tries it; the others follow once that one succeeded: a
 * connect for an endpoint that could not be connected to, a reply for one that gave none.
 *
 * <p>Shared by all event loops: a healthy endpoint costs a volatile read a request. Times are
 * {@link System#nanoTime} values. Whether all endpoints of an upstream are ejected is not known
 * here: then the picker uses all.
 */
final class EndpointHealth {
  private static final int FAILURES_IN_A_ROW = 3;
  private static final int MAX_DOUBLINGS = 6;

  /** After failed connects: how long first, how long at most, how long one trial keeps others. */
  private static final Waits CONNECT = new Waits(250_000_000L, 10_000_000_000L, 2_000_000_000L);

  /** After requests without a reply; replies take longer than connects. */
  private static final Waits REQUEST = new Waits(1_000_000_000L, 30_000_000_000L, 5_000_000_000L);

  private record Waits(long first, long longest, long trial) {}

  /** Why requests stay away; changed under the monitor only. */
  private enum State {
    HEALTHY,
    NOT_CONNECTED,
    NOT_ANSWERED
  }

  private final AtomicLong avoidUntil = new AtomicLong();
  private volatile State state = State.HEALTHY;
  private volatile int unanswered;

  /** Guarded by this. */
  private int ejections;

  /** Guarded by this. */
  private long failedAt;

  /** Whether a request may go there now. The one that hears yes after a wait is the trial. */
  boolean admits(long now) {
    var present = state;
    if (present == State.HEALTHY) {
      return true;
    }
    long until = avoidUntil.get();
    long trial = present == State.NOT_CONNECTED ? CONNECT.trial : REQUEST.trial;
    return now - until >= 0 && avoidUntil.compareAndSet(until, now + trial);
  }

  /** Whether requests go there as to any other. */
  boolean healthy() {
    return state == State.HEALTHY;
  }

  /** A connection stands; that says nothing about an endpoint that takes requests and dies. */
  void connected() {
    if (state == State.NOT_CONNECTED) {
      recover(State.NOT_CONNECTED);
    }
  }

  /** The head of a reply came. */
  void replied() {
    if (unanswered != 0) {
      unanswered = 0;
    }
    if (state != State.HEALTHY) {
      recover(State.NOT_ANSWERED);
    }
  }

  private synchronized void recover(State from) {
    if (state == State.NOT_CONNECTED || state == from) {
      state = State.HEALTHY;
      ejections = 0;
      unanswered = 0;
    }
  }

  /** Counts a failed connect; those begun before the last failure tell nothing new. */
  synchronized void connectFailed(long begunAt, long now) {
    if (tellsNews(begunAt)) {
      eject(State.NOT_CONNECTED, CONNECT, now);
    }
  }

  /** Counts a request that was sent and got no reply. */
  synchronized void requestFailed(long begunAt, long now) {
    if (!tellsNews(begunAt)) {
      return;
    }
    if (state == State.HEALTHY && ++unanswered < FAILURES_IN_A_ROW) {
      return;
    }
    eject(State.NOT_ANSWERED, REQUEST, now);
  }

  private boolean tellsNews(long begunAt) {
    return state == State.HEALTHY || begunAt - failedAt >= 0;
  }

  private void eject(State why, Waits waits, long now) {
    long wait = Math.min(waits.longest, waits.first << Math.min(ejections, MAX_DOUBLINGS));
    avoidUntil.set(now + wait);
    failedAt = now;
    ejections++;
    unanswered = 0;
    state = why;
  }
}
