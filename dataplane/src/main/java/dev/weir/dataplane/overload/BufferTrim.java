package dev.weir.dataplane.overload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.function.LongSupplier;

/**
 * Has Netty give memory back that no buffer needs any more. Its allocator keeps the chunks that
 * large buffers (more than 16 KiB) were cut from, however many, until one of them is full and put
 * aside: only then it looks how many of those that were put aside are free. With less traffic that
 * may never happen again, and what a burst has taken would count as used for ever, and so would
 * what is given up for it.
 *
 * <p>So a chunk is filled here and let go. Owned by the overload thread.
 */
final class BufferTrim {
  private static final int SIZE = 64 * 1024;

  /** More than the largest chunk has room for. */
  private static final int MOST = (8 << 20) / SIZE + 1;

  private final ByteBufAllocator allocator;
  private final LongSupplier used;

  BufferTrim() {
    this(ByteBufAllocator.DEFAULT, Memory::directBytes);
  }

  /**
   * Of an allocator.
   *
   * @param used bytes that it has of the system
   */
  BufferTrim(ByteBufAllocator allocator, LongSupplier used) {
    this.allocator = allocator;
    this.used = used;
  }

  /** Has what is free given back, if anything is. */
  void trim() {
    var held = new ArrayList<ByteBuf>();
    try {
      long before = used.getAsLong();
      long now = before;
      // Less: something was given back. More: nothing was free to fill.
      while (held.size() < MOST && now == before) {
        held.add(allocator.directBuffer(SIZE));
        now = used.getAsLong();
      }
    } catch (OutOfMemoryError e) {
      // Nothing is free, so there is nothing to give back.
      return;
    } finally {
      held.forEach(ByteBuf::release);
    }
  }
}
