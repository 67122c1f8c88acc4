package dev.weir.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The piece of a reply's body that is held back until it is known what follows it: the end, which
 * then goes with it, or more. Tiny pieces of one read (a backend that sends a chunk a line) are
 * copied together, so that the client is written to once and not once for each. For one read of one
 * connection, whose event loop owns it.
 */
final class HeldBody {
  /** Up to this size copying is cheaper than a write of its own. */
  private static final int TINY = 2048;

  private final ByteBufAllocator alloc;
  private @Nullable ByteBuf held;
  private boolean copied;

  HeldBody(ByteBufAllocator alloc) {
    this.alloc = alloc;
  }

  boolean isEmpty() {
    return held == null;
  }

  /**
   * Holds on to the next piece, whose reference it takes over.
   *
   * @param rest bytes of the read that may still be body
   * @return false if the piece doesn't go together with what is held, which must be taken first
   */
  boolean add(ByteBuf piece, int rest) {
    var before = held;
    if (before == null) {
      held = piece;
      copied = false;
      return true;
    }
    int length = piece.readableBytes();
    if (length > TINY || (!copied && before.readableBytes() > TINY)) {
      return false;
    }
    if (!copied) {
      var room = alloc.directBuffer(before.readableBytes() + length + rest);
      room.writeBytes(before);
      before.release();
      held = room;
      before = room;
      copied = true;
    }
    before.writeBytes(piece);
    piece.release();
    return true;
  }

  /** What was held, or an empty piece; the reference is the caller's. */
  ByteBuf take() {
    var piece = held;
    held = null;
    return piece == null ? Unpooled.EMPTY_BUFFER : piece;
  }
}
