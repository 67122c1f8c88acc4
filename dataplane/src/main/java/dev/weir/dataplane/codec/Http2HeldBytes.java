package dev.weir.dataplane.codec;

/**
 * The one place where the bytes are counted that a connection of HTTP/2 makes us hold: heads of
 * requests in flight, bodies of requests that nobody took yet, bodies of replies that can't be sent
 * yet (hardening.md section 6, goal 8). Whoever holds more asks first whether that may be.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2HeldBytes {
  /** Before the first reply is complete. */
  private static final int FIRST = 128 * 1024;

  private static final int LATER = 512 * 1024;

  private int limit = FIRST;
  private int held;

  /** A first reply was complete: the client is one that takes replies. */
  void trust() {
    limit = LATER;
  }

  /** Adds to what is held. */
  void hold(int bytes) {
    held += bytes;
  }

  /** Takes away from what is held. */
  void release(int bytes) {
    held -= bytes;
  }

  /** Whether so many more may be asked for. */
  boolean allows(int more) {
    return held + more <= limit;
  }
}
