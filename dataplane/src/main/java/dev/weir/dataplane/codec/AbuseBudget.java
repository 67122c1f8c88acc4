package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.Offence;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one client's connection may still do of what costs us more than it costs the client
 * (HAProxy's "glitches"): each {@link Offence} takes points, which come back ten seconds later. At
 * three quarters of {@link #LIMIT} the client is asked to leave, in good order: nothing that it
 * asked for is lost, and one that means well goes on with a new connection. At the limit the
 * connection ends.
 *
 * <p>Cancelled requests are limited twice more (hardening.md 1.2 and goal 11): a client that resets
 * more than half of its streams, once it opened more than 40 in ten seconds, is asked to leave,
 * too; and each of them keeps its place among the requests that may be in flight until its points
 * come back, so that no more than 100 in ten seconds reach backends in vain.
 *
 * <p>Costs a connection nothing until its first offence, but for a count of streams. Owned by the
 * connection's event loop.
 */
final class AbuseBudget {
  /** Points of ten seconds. */
  static final int LIMIT = Offence.BUDGET;

  /** Points from which on the client is asked to leave. */
  static final int LEAVE_AT = LIMIT / 4 * 3;

  /** Requests in flight, cancelled ones included, while there are cancelled ones. */
  static final int MOST_WITH_CANCELLED = 100;

  /** Streams after which it is looked how many of them were reset. */
  private static final int STREAMS_TO_JUDGE = 40;

  /** What follows from an offence. */
  enum Verdict {
    GO_ON,
    /** The client is to be asked to leave; said once. */
    LEAVE,
    /** The connection is to end at once. */
    END
  }

  private final LongSupplier clock;
  private final RecentCount streams = new RecentCount();
  private @Nullable RecentCount points;
  private @Nullable RecentCount cancelled;
  private boolean leaves;

  /**
   * Begins with all of it.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  AbuseBudget(LongSupplier clock) {
    this.clock = clock;
  }

  /** The client opened a stream. */
  void opened() {
    var _ = streams.add(clock.getAsLong(), 1);
  }

  /** Takes the points of an offence that was there so often. */
  Verdict charge(Offence offence, int times) {
    long now = clock.getAsLong();
    var counted = points;
    if (counted == null) {
      counted = new RecentCount();
      points = counted;
    }
    int cost = (int) Math.min(LIMIT, (long) offence.points() * times);
    // Never more than twice the limit, so that the sum can't overflow.
    int spent = counted.sum(now) >= LIMIT ? LIMIT : counted.add(now, cost);
    boolean tooMany = offence.cancels() && cancelledTooMany(now, times);
    if (spent >= LIMIT) {
      return Verdict.END;
    }
    if (!leaves && (spent >= LEAVE_AT || tooMany)) {
      leaves = true;
      return Verdict.LEAVE;
    }
    return Verdict.GO_ON;
  }

  private boolean cancelledTooMany(long now, int times) {
    var counted = cancelled;
    if (counted == null) {
      counted = new RecentCount();
      cancelled = counted;
    }
    int resets = counted.add(now, times);
    int opened = streams.sum(now);
    return opened > STREAMS_TO_JUDGE && resets > opened / 2;
  }

  /**
   * Whether one more request may be sent to a backend.
   *
   * @param inFlight those that were and have no complete reply yet
   */
  boolean admits(int inFlight) {
    var counted = cancelled;
    int held = counted == null ? 0 : counted.sum(clock.getAsLong());
    return held == 0 || inFlight + held < MOST_WITH_CANCELLED;
  }
}
