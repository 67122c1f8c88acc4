package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** What a client sent and nobody took yet. Owned by the connection's event loop. */
final class ReceivedBytes {
  /** Room for more of the same. */
  private static final int LEAST = 256;

  private @Nullable ByteBuf bytes;

  /** Adds what was read, whose reference it takes over. */
  void add(ByteBufAllocator alloc, ByteBuf data) {
    var before = bytes;
    bytes =
        before == null ? data : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, before, data);
  }

  /** Copies bytes, whose buffer so isn't kept for their sake. */
  void copy(ByteBufAllocator alloc, ByteBuf from, int size) {
    var before = bytes;
    if (before != null && before.writableBytes() >= size && before.refCnt() == 1) {
      before.writeBytes(from, size);
    } else {
      add(alloc, alloc.buffer(Math.max(size, LEAST)).writeBytes(from, size));
    }
  }

  /**
   * Lets go of what was read, and keeps the rest. Where every read ends in the middle of something
   * there is always a rest, and a buffer that only grows would hold all that ever came.
   */
  void shrink(ByteBufAllocator alloc) {
    var all = bytes;
    if (all == null) {
      return;
    }
    int rest = all.readableBytes();
    if (rest == 0) {
      release();
    } else if (all.readerIndex() >= rest) {
      // No more is copied than was read.
      bytes = alloc.buffer(Math.max(rest, LEAST)).writeBytes(all);
      all.release();
    }
  }

  /** Keeps no more room than what is there takes, because that stays for a while. */
  void trim(ByteBufAllocator alloc) {
    var all = bytes;
    if (all != null && all.capacity() > Math.max(2 * all.readableBytes(), LEAST)) {
      bytes = alloc.buffer(all.readableBytes()).writeBytes(all);
      all.release();
    }
  }

  /** Them, or null; read from it, and leave it here. */
  @Nullable ByteBuf get() {
    return bytes;
  }

  /** Them, or null; the reference is the caller's. */
  @Nullable ByteBuf take() {
    var taken = bytes;
    bytes = null;
    return taken;
  }

  boolean isEmpty() {
    return bytes == null || !bytes.isReadable();
  }

  /** How many there are. */
  int size() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  void release() {
    var rest = take();
    if (rest != null) {
      rest.release();
    }
  }
}
