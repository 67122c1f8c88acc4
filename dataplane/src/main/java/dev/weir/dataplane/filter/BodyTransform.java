package dev.weir.dataplane.filter;

import io.netty.buffer.ByteBuf;

/**
 * Changes one body piece by piece. Owned by the exchange's loop. A piece comes only while the
 * client takes what is sent, so a transform that holds back little keeps the backpressure.
 */
public interface BodyTransform {
  /** What comes after a piece. */
  enum After {
    /** More, which is there already. */
    MORE,
    /** Nothing that is known of: whatever is held back would wait for the upstream's next word. */
    PAUSE,
    /** Nothing, this was the last. */
    END
  }

  /**
   * Changes a piece.
   *
   * @param data its reference is taken over; may be empty; at most {@link #turn} bytes
   * @return what can be sent now, maybe nothing; its reference is the caller's
   * @throws RuntimeException if the body can't be sent so; the connection is then broken off
   */
  ByteBuf piece(ByteBuf data, After after);

  /**
   * Bytes that are given to it in one turn of the event loop, which other connections wait for
   * meanwhile.
   */
  default int turn() {
    return Integer.MAX_VALUE;
  }

  /** Lets go of what it holds; called once, at the exchange's end at the latest. */
  void close();
}
