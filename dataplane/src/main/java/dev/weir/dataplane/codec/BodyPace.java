package dev.weir.dataplane.codec;

/**
 * How long a client may still take over the next piece of a body: no longer than the limit between
 * two reads, and, once half of that limit was spent on waiting, not so long that the body falls
 * below {@link #LEAST} (hardening.md 1.2: 500 B/s after 30 s). Only time that was spent on waiting
 * for the client counts; a slow upstream costs the client nothing. A longer {@code
 * client-body-timeout} thus is longer patience with a trickle, too.
 *
 * <p>Owned by the connection's event loop; one for each connection. Times in nanoseconds.
 */
final class BodyPace {
  /** Bytes a second. */
  static final long LEAST = 500;

  private static final long SECOND = 1_000_000_000L;

  private long bytes;
  private long waited;
  private long since;

  /** A body begins. */
  void start() {
    bytes = 0;
    waited = 0;
  }

  /**
   * The next piece is waited for.
   *
   * @param limit between two reads
   * @return how long it may take
   */
  long await(long now, long limit) {
    since = now;
    long allowed = limit / 2 + bytes / LEAST * SECOND;
    return Math.min(limit, Math.max(0, allowed - waited));
  }

  /** A piece came. */
  void came(long now, int length) {
    bytes += length;
    waited += now - since;
  }
}
