package dev.weir.dataplane.codec;

/**
 * Asks the client by PING how far it has read (RFC 9113 6.7). It answers in the order in which
 * frames come, so that what was written before is known to have arrived, and not only to have left
 * us: a slow network has much on its way that the socket took long ago. One question at a time.
 * Owned by the connection's event loop.
 */
final class Http2Arrivals {
  /** What our PING says. */
  private static final long ARRIVED = 0x6172726976656400L;

  private final ServerOutput output;
  private final Http2Output frames;
  private boolean asks;
  private long asked;
  private long arrived;

  /** Asks nothing yet. */
  Http2Arrivals(ServerOutput output, Http2Output frames) {
    this.output = output;
    this.frames = frames;
  }

  /**
   * Whether the client has read so much; if that isn't known it is asked.
   *
   * @param bytes by {@link ServerOutput#written}
   */
  boolean has(long bytes) {
    if (arrived >= bytes) {
      return true;
    }
    if (!asks) {
      asks = true;
      asked = output.written();
      frames.ping(false, ARRIVED);
    }
    return false;
  }

  /** The client answered a PING. */
  void onPingAck(long payload) {
    if (asks && payload == ARRIVED) {
      asks = false;
      arrived = asked;
    }
  }
}
