package dev.weir.dataplane.overload;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one event loop, again and again, how long it lets a task wait, and says which part of its
 * new requests is to be shed: the part grows while tasks wait long, and shrinks when they don't, so
 * that about as many requests are served as the loop can serve. One slow turn is nothing; three in
 * a row are.
 *
 * <p>{@link #run} is called on the loop, everything else by the overload thread, but for {@link
 * #share} and what says so.
 */
final class LoopProbe implements Runnable {
  /** Nanoseconds that a task may wait (hardening.md F33). */
  static final long LATE = 100_000_000L;

  /** Of so many parts some are shed. */
  static final int ALL = 256;

  private static final int IN_A_ROW = 3;
  private static final int MORE = 24;
  private static final int LESS = 8;

  /** Somebody is always served, so that it is seen when things are well again. */
  private static final int MOST = 240;

  private final EventLoop loop;
  private final String name;
  private final long[] delays = new long[IN_A_ROW];
  private int answers;
  private volatile @Nullable Thread thread;
  private volatile long askedAt;
  private volatile long delay;
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

  /** Whether the last question was answered. */
  boolean answered() {
    return answered;
  }

  /** Nanoseconds since the question that isn't answered. */
  long waiting(long now) {
    return now - askedAt;
  }

  /** Asks; false if the loop has ended. */
  boolean ask(long now) {
    askedAt = now;
    answered = false;
    try {
      loop.execute(this);
      return true;
    } catch (RejectedExecutionException e) {
      answered = true;
      return false;
    }
  }

  /** Takes an answer that came. */
  void take(long nanos) {
    delays[answers++ % IN_A_ROW] = nanos;
    if (sustained() > LATE) {
      share = Math.min(MOST, share + MORE);
    } else if (nanos <= LATE) {
      share = Math.max(0, share - LESS);
    }
  }

  /** The shortest of the last waits, in nanoseconds. */
  long sustained() {
    long least = Long.MAX_VALUE;
    for (long each : delays) {
      least = Math.min(least, each);
    }
    return least;
  }
}
