package dev.weir.dataplane.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lines on their way from one event loop to the thread that writes them: a ring of bytes with one
 * producer and one consumer, without locks. A line goes in whole or not at all.
 */
final class LogRing {
  private static final VarHandle PUT;
  private static final VarHandle TAKEN;

  static {
    try {
      var lookup = MethodHandles.lookup();
      PUT = lookup.findVarHandle(LogRing.class, "put", long.class);
      TAKEN = lookup.findVarHandle(LogRing.class, "taken", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final byte[] ring;

  /** Bytes ever put; written by the producer only. */
  private long put;

  /** Bytes ever taken; written by the consumer only. */
  private long taken;

  /**
   * An empty ring.
   *
   * @param capacity in bytes, a power of two
   */
  LogRing(int capacity) {
    ring = new byte[capacity];
  }

  /** By the producer: puts a line, or answers false if there is no room for all of it. */
  boolean put(byte[] line, int length) {
    long end = put;
    if (length > ring.length - (end - (long) TAKEN.getAcquire(this))) {
      return false;
    }
    int at = (int) end & ring.length - 1;
    int first = Math.min(length, ring.length - at);
    System.arraycopy(line, 0, ring, at, first);
    System.arraycopy(line, first, ring, 0, length - first);
    PUT.setRelease(this, end + length);
    return true;
  }

  /** By the producer: whether more than half of it waits to be taken. */
  boolean halfFull() {
    return put - (long) TAKEN.getOpaque(this) > ring.length / 2;
  }

  /** By the consumer: takes all lines; answers how many bytes, at most the capacity. */
  int take(byte[] into) {
    long begin = taken;
    int length = (int) ((long) PUT.getAcquire(this) - begin);
    int at = (int) begin & ring.length - 1;
    int first = Math.min(length, ring.length - at);
    System.arraycopy(ring, at, into, 0, first);
    System.arraycopy(ring, 0, into, first, length - first);
    TAKEN.setRelease(this, begin + length);
    return length;
  }

  int capacity() {
    return ring.length;
  }
}
