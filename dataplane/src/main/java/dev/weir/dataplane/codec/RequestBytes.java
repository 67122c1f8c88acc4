package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * What of the requests of an HTTP/1 connection was handed on and is on its way still, be it in the
 * queue of an upstream connection. Together with what waits to be handed on it decides whether the
 * socket is read. A copy for a retry counts for the {@link ByteAccount} alone: it stays until there
 * is a reply, for which the rest of the body is needed. Owned by the connection's event loop.
 */
final class RequestBytes {
  /** Bytes from which on no more is read, before the first reply is complete and later. */
  private static final int MOST_FIRST = 16 * 1024;

  private static final int MOST_LATER = 64 * 1024;

  private final ByteAccount account;
  private final EventLoop loop;
  private final Runnable onFreed;
  private int underWay;

  /**
   * Sets up.
   *
   * @param onFreed called when some are held no more
   */
  RequestBytes(ByteAccount account, EventLoop loop, Runnable onFreed) {
    this.account = account;
    this.loop = loop;
    this.onFreed = onFreed;
  }

  /** The piece as it is to be handed on; takes over its reference. */
  ByteBuf handOn(ByteBuf piece) {
    if (!piece.isReadable()) {
      return piece;
    }
    account.hold(piece.readableBytes());
    underWay += piece.readableBytes();
    return new HeldBytes(piece.alloc(), piece, loop, this::free);
  }

  private void free(int bytes) {
    account.release(bytes);
    underWay -= bytes;
    onFreed.run();
  }

  /**
   * Whether no more should be read.
   *
   * @param waiting bytes that wait to be handed on
   */
  boolean full(int waiting) {
    int most = account.trusted() ? MOST_LATER : MOST_FIRST;
    return waiting + underWay >= most;
  }
}
