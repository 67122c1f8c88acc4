package dev.weir.dataplane.codec;

/**
 * How much of a reply its client takes, and its connection may hold, for the reads of the endpoint
 * that sends it. Used on the event loop of both.
 */
public interface ReplyRoom {
  /**
   * How many bytes of body the next read of an endpoint is to bring at most: what the client takes
   * now, and what its connection may hold; some in any case. Asked when the read happens.
   */
  int room();

  /**
   * A read that can't be taken back may bring so many bytes (io_uring: the kernel has its buffer
   * already); negative as soon as it is known what it brought. The reply may be over by then.
   */
  void reading(int bytes);
}
