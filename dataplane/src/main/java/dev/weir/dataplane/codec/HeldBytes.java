package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.IntConsumer;

/**
 * Bytes that tell when nobody holds them any more, slices and duplicates included, and what TLS
 * made of them: so they count for who sent them wherever they wait. One buffer in the clothes of a
 * composite one, which is Netty's only kind that tells of its end.
 */
final class HeldBytes extends CompositeByteBuf implements CountedBytes {
  private final EventLoop loop;
  private final IntConsumer released;
  private final int size;

  /** Reasons to count: that somebody holds them, and that they aren't sent. */
  private int reasons = 1;

  /**
   * Takes the reference of {@code content} over.
   *
   * @param released called on the loop with the number of bytes, perhaps from inside of whatever
   *     let go of them
   */
  HeldBytes(ByteBufAllocator alloc, ByteBuf content, EventLoop loop, IntConsumer released) {
    super(alloc, content.isDirect(), 1);
    this.loop = loop;
    this.released = released;
    this.size = content.readableBytes();
    addComponent(true, content);
  }

  @Override
  protected void deallocate() {
    super.deallocate();
    if (loop.inEventLoop()) {
      drop();
    } else {
      loop.execute(this::drop);
    }
  }

  private void drop() {
    if (--reasons == 0) {
      released.accept(size);
    }
  }

  @Override
  public void countUntilSent() {
    reasons++;
  }

  @Override
  public void sent() {
    drop();
  }
}
