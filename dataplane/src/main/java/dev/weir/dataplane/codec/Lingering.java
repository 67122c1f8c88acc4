package dev.weir.dataplane.codec;

/**
 * The time between a last reply and the close of a connection whose client may still be sending: a
 * close that leaves bytes unread resets the connection, and a reset destroys what of the reply is
 * still on its way. So a little is read and thrown away, then the rest of what the client sends
 * waits, and the close comes when the client has acknowledged everything, or after a second where
 * that can't be known (hardening.md 4.4, row 83).
 *
 * <p>Owned by the connection's event loop. Times in nanoseconds.
 */
final class Lingering {
  private static final int MOST_READ = 64 * 1024;

  /** How often it is looked whether all is acknowledged. */
  static final long PERIOD = 1_000_000_000L;

  private boolean begun;
  private long beganAt;
  private int read;

  /** The reply is written out, and the sending side shut. */
  void begin(long now) {
    begun = true;
    beganAt = now;
  }

  /** Whether what the client sends is read; before the reply is written out it waits. */
  boolean reads() {
    return begun && read <= MOST_READ;
  }

  /** So many bytes were thrown away. */
  void discarded(int bytes) {
    read += bytes;
  }

  /** Whether the connection may close at the end of a {@link #PERIOD}. */
  boolean over(long now, long longest, ServerOutput output) {
    return output.acknowledged() || now - beganAt >= longest;
  }
}
