package dev.weir.dataplane.codec;

import java.util.concurrent.TimeUnit;

/**
 * The time between a last reply and the close of a connection whose client may still be sending: a
 * close that leaves bytes unread resets the connection, and a reset destroys what of the reply is
 * still on its way. So what the client sends is read and thrown away, up to a bound, and the close
 * comes when the client has acknowledged everything and was silent for a second: one that sends on
 * has not seen the reply, as those don't that send all before they read (hardening.md 4.4, row 83;
 * nginx's {@code lingering_close}). After {@link #LONGEST} nobody is waited for who has it all.
 *
 * <p>Owned by the connection's event loop. Times in nanoseconds.
 */
final class Lingering {
  /** Bytes after which the rest waits at the socket. */
  static final int MOST_READ = 4 << 20;

  /** How often it is looked whether all is acknowledged. */
  static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

  /** For how long a client may send on that has the reply. */
  static final long LONGEST = TimeUnit.SECONDS.toNanos(5);

  private boolean begun;
  private boolean sends;
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
    sends = true;
  }

  /**
   * Whether the connection may close at the end of a {@link #PERIOD}.
   *
   * @param longest for how long an acknowledgement is waited for
   * @param acknowledged whether nothing that was sent is on its way, as far as is known
   */
  boolean over(long now, long longest, boolean acknowledged) {
    boolean silent = !sends;
    sends = false;
    long since = now - beganAt;
    return since >= longest || (acknowledged && (silent || since >= LONGEST));
  }
}
