package dev.weir.dataplane.exchange;

import dev.weir.dataplane.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The body sent so far, while it is small enough to be sent again: a request can only be retried as
 * long as this is whole. Owned by the exchange's event loop.
 */
final class ReplayBuffer {
  static final int LIMIT = 64 * 1024;

  private final List<ByteBuf> pieces = new ArrayList<>(2);
  private int size;
  private boolean whole = true;

  /** Keeps a share in {@code piece}, whose reference stays with the caller. */
  void add(ByteBuf piece) {
    if (!whole) {
      return;
    }
    size += piece.readableBytes();
    if (size > LIMIT) {
      giveUp();
    } else if (piece.isReadable()) {
      pieces.add(piece.retainedDuplicate());
    }
  }

  /** Whether everything that was added is still there. */
  boolean whole() {
    return whole;
  }

  /**
   * Sends everything again.
   *
   * @param ended whether the body ends with it
   */
  void sendTo(UpstreamStream stream, boolean ended) {
    for (int i = 0; i < pieces.size(); i++) {
      stream.sendBody(pieces.get(i).retainedDuplicate(), ended && i == pieces.size() - 1);
    }
    if (ended && pieces.isEmpty()) {
      stream.sendBody(io.netty.buffer.Unpooled.EMPTY_BUFFER, true);
    }
  }

  /** There will be no retry. */
  void giveUp() {
    whole = false;
    for (var piece : pieces) {
      piece.release();
    }
    pieces.clear();
  }
}
