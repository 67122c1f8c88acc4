package dev.weir.dataplane.overload;

import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one event loop, again and again, how long it lets a task wait, and says which part of its
 * new requests is to be shed: the part grows while tasks wait long, and shrinks when they don't, so
 * that about as many requests are served as the loop can serve. Only a queue that stands is
 * answered so: tasks have had to wait long for a second, less twice the time in which they had not,
 * and no fewer than three did. What passes by itself (the first requests after the start, which run
 * uncompiled; a table that is compiled beside a loop on the same CPU; a pause of the host) makes
 * clients wait, as it would anywhere, but costs none of them its request.
 *
 * <p>A process whose CPU quota (a container's CPU limit) is used up stands still until the next
 * period of 100 ms, and everything in it is late, however little there is to do: its compilers and
 * collector use the quota, too, and above all at the start. To refuse requests then would turn
 * slowness into failures. So where the system held the process up, a wait counts only as far as the
 * loop was working meanwhile; a loop with too many requests still is late by that measure.
 *
 * <p>{@link #run} is called on the loop, everything else by the overload thread, but for {@link
 * #share} and what says so.
 */
final class LoopProbe implements Runnable {
  /** Nanoseconds that a task may wait (hardening.md F33). */
  static final long LATE = 100_000_000L;

  /** Nanoseconds for which tasks have to wait long before anything is shed. */
  static final long STANDING = 1_000_000_000L;

  private static final long MOST_LATE = STANDING + STANDING / 2;

  /** Of so many parts some are shed. */
  static final int ALL = 256;

  private static final int IN_A_ROW = 3;
  private static final int MORE = 24;

  /** Late answers are rare ones, so the later one is the more it counts, up to so many times. */
  private static final int MOST_TIMES = 4;

  private static final int LESS = 8;

  /** Somebody is always served, so that it is seen when things are well again. */
  private static final int MOST = 240;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final EventLoop loop;
  private final String name;
  private final long[] delays = new long[IN_A_ROW];
  private int answers;

  /** Nanoseconds, as the class says. */
  private long late;

  private long takenAt;
  private volatile @Nullable Thread thread;
  private volatile long askedAt;
  private volatile long workedBefore;
  private volatile long delay;
  private volatile long work;
  private volatile boolean answered = true;
  private volatile int share;

  /**
   * One that hasn't asked yet.
   *
   * @param name for people
   */
  LoopProbe(EventLoop loop, String name) {
    this.loop = loop;
    this.name = name;
  }

  @Override
  public void run() {
    if (thread == null) {
      thread = Thread.currentThread();
    }
    work = THREADS.getCurrentThreadCpuTime() - workedBefore;
    delay = System.nanoTime() - askedAt;
    answered = true;
  }

  String name() {
    return name;
  }

  EventLoop loop() {
    return loop;
  }

  /** The loop's thread; null before its first answer. */
  @Nullable Thread thread() {
    return thread;
  }

  /** How many of {@link #ALL} parts of new requests are shed. Any thread. */
  int share() {
    return share;
  }

  /** Nanoseconds that the last answer took. Any thread. */
  long delay() {
    return delay;
  }

  /**
   * Nanoseconds of the last answer that count.
   *
   * @param heldUp whether the system held the process up for its CPU quota; asked if it matters
   */
  long counted(BooleanSupplier heldUp) {
    long nanos = delay;
    return nanos > LATE && heldUp.getAsBoolean() ? Math.min(nanos, work) : nanos;
  }

  /** Whether the last question was answered. */
  boolean answered() {
    return answered;
  }

  /** Nanoseconds since the question that isn't answered. */
  long waiting(long now) {
    return now - askedAt;
  }

  /** Asks; false if the loop has ended. */
  boolean ask() {
    var asked = thread;
    workedBefore = asked == null ? 0 : THREADS.getThreadCpuTime(asked.threadId());
    // Here, not when the look began: what else was looked at is not the loop's time.
    askedAt = System.nanoTime();
    answered = false;
    try {
      loop.execute(this);
      return true;
    } catch (RejectedExecutionException e) {
      answered = true;
      return false;
    }
  }

  /**
   * Takes an answer that came.
   *
   * @param now of {@link System#nanoTime}
   */
  void take(long nanos, long now) {
    delays[answers++ % IN_A_ROW] = nanos;
    long sinceLast = now - takenAt;
    takenAt = now;
    if (nanos <= LATE) {
      late = Math.max(0, late - 2 * sinceLast);
      share = Math.max(0, share - LESS);
      return;
    }
    late = Math.min(MOST_LATE, late + Math.min(nanos, STANDING / IN_A_ROW + 1));
    if (late >= STANDING) {
      share = Math.min(MOST, share + MORE * (int) Math.min(MOST_TIMES, nanos / LATE));
    }
  }

  /** The shortest of the last waits, in nanoseconds; not above {@link #LATE} until it stands. */
  long sustained() {
    return late >= STANDING ? least() : Math.min(LATE - 1, least());
  }

  private long least() {
    long least = Long.MAX_VALUE;
    for (long each : delays) {
      least = Math.min(least, each);
    }
    return least;
  }
}
