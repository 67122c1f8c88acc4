package dev.weir.dataplane.filter;

import io.netty.buffer.ByteBuf;

/**
 * Changes one body piece by piece. Owned by the exchange's loop. A piece comes only while the
 * client takes what is sent, so a transform that holds back little keeps the backpressure.
 */
public interface BodyTransform {
  /**
   * Changes a piece.
   *
   * @param data its reference is taken over; may be empty
   * @param ended whether it is the last
   * @return what can be sent now, maybe nothing; its reference is the caller's
   * @throws RuntimeException if the body can't be sent so; the connection is then broken off
   */
  ByteBuf piece(ByteBuf data, boolean ended);

  /** Lets go of what it holds; called once, at the exchange's end at the latest. */
  void close();
}
