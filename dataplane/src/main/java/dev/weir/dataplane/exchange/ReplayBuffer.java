package dev.weir.dataplane.exchange;

import dev.weir.dataplane.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The body sent so far, while it is small enough to be sent again: a request can only be retried as
 * long as this is whole. A copy, because a share in a small piece would keep the whole buffer that
 * it was received in: what is held must not depend on how a client cuts its body. Owned by the
 * exchange's event loop.
 */
final class ReplayBuffer {
  static final int LIMIT = 64 * 1024;

  private final IntPredicate hold;
  private final IntConsumer letGo;
  private @Nullable ByteBuf kept;
  private boolean whole = true;

  /**
   * Empty.
   *
   * @param hold whether so many bytes more may be kept; they are, then
   * @param letGo so many are kept no more
   */
  ReplayBuffer(IntPredicate hold, IntConsumer letGo) {
    this.hold = hold;
    this.letGo = letGo;
  }

  /**
   * Keeps the bytes of {@code piece}, whose reference stays with the caller; if that fails, nobody
   * is there to pass it on, and it is released.
   */
  void add(ByteBuf piece) {
    try {
      keep(piece);
    } catch (RuntimeException | Error e) {
      piece.release();
      throw e;
    }
  }

  private void keep(ByteBuf piece) {
    int length = piece.readableBytes();
    if (!whole || length == 0) {
      return;
    }
    var buffer = kept;
    boolean fits = length + (buffer == null ? 0 : buffer.readableBytes()) <= LIMIT;
    if (!fits || !hold.test(length)) {
      giveUp();
      return;
    }
    if (buffer == null) {
      buffer = piece.alloc().buffer(length);
      kept = buffer;
    }
    buffer.writeBytes(piece, piece.readerIndex(), length);
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
    var buffer = kept;
    if (buffer != null) {
      stream.sendBody(buffer.retainedDuplicate(), ended);
    } else if (ended) {
      stream.sendBody(Unpooled.EMPTY_BUFFER, true);
    }
  }

  /** There will be no retry. */
  void giveUp() {
    whole = false;
    var buffer = kept;
    kept = null;
    if (buffer != null) {
      letGo.accept(buffer.readableBytes());
      buffer.release();
    }
  }
}
