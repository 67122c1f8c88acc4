package dev.weir.dataplane.codec;

/**
 * How much of a reply its client takes, and its connection may hold, for the reads of the endpoint
 * that sends it. Used on the event loop of both.
 */
public interface ReplyRoom {
  /**
   * How many bytes the next read of an endpoint is to bring at most: what the client takes now, and
   * what its connection may hold; some in any case. Asked when the read happens.
   *
   * @param part whether what comes may be a part that isn't whole
   */
  int room(boolean part);

  /** What the connection has of parts; the same for all of its replies. */
  ReplyParts parts();
}
