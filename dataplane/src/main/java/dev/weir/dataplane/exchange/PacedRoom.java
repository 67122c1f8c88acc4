package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ReplyParts;
import dev.weir.dataplane.codec.ReplyRoom;

/**
 * Reads of a reply that is slowed down: no more than may go on soon, because what has to wait takes
 * room from the other replies of its client. Owned by the exchange's event loop.
 */
record PacedRoom(ReplyRoom client, ReplyPace pace) implements ReplyRoom {
  private static final int LEAST = 512;

  @Override
  public int room(boolean part) {
    return Math.min(client.room(part), Math.max(LEAST, pace.room()));
  }

  @Override
  public ReplyParts parts() {
    return client.parts();
  }
}
