package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.ReplyRoom;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much the reads of one upstream connection bring: one read for each that is asked for, of 64
 * KiB at most, and a second one where only a little of the reply is missing after the first.
 *
 * <p>A body of 64 KiB arrives behind its head in two packets, and the first one wakes the reader.
 * Without a second look the few bytes that don't fit into it cost another turn of the loop and
 * another packet to the client. Without bytes there the second look costs one system call.
 *
 * <p>Owned by the connection's event loop.
 */
final class ReplyReads implements RecvByteBufAllocator {
  /** What may be missing for a second read. */
  static final int MOST_MISSING = 16 * 1024;

  private static final RecvByteBufAllocator SIZES =
      new AdaptiveRecvByteBufAllocator(512, 4096, 64 * 1024).maxMessagesPerRead(1);

  /** A read's buffer is the kernel's before it is known what comes (io_uring). */
  private final boolean ahead;

  private int missing;
  private Supplier<@Nullable ReplyRoom> room = () -> null;

  /** Who knows of the read under way, and what it may bring. */
  private @Nullable ReplyRoom told;

  private int underWay;

  ReplyReads(boolean ahead) {
    this.ahead = ahead;
  }

  /**
   * From now on no read brings more than who takes it wants to have: asked when the read happens,
   * because whoever asked for it may have done so long before, when there was more room.
   */
  void limit(Supplier<@Nullable ReplyRoom> bytes) {
    room = bytes;
  }

  /** No read is under way any more. */
  void over() {
    var last = told;
    if (last != null) {
      told = null;
      last.reading(-underWay);
    }
  }

  private int most() {
    var now = room.get();
    return now == null ? Integer.MAX_VALUE : now.room();
  }

  /** Tells after a piece how many bytes of the reply are still to come; 0 if that isn't known. */
  void missing(long bytes) {
    missing = bytes > MOST_MISSING ? 0 : (int) bytes;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new TwoReads((ExtendedHandle) SIZES.newHandle());
  }

  private final class TwoReads extends DelegatingHandle implements ExtendedHandle {
    private boolean second;

    TwoReads(ExtendedHandle sizes) {
      super(sizes);
    }

    @Override
    public void reset(ChannelConfig config) {
      second = false;
      super.reset(config);
    }

    @Override
    public int guess() {
      return Math.min(super.guess(), most());
    }

    /** One byte more than is missing: bytes behind a reply have to be noticed. */
    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
      int size = second ? missing + 1 : guess();
      if (ahead) {
        over();
        underWay = size;
        told = room.get();
        if (told != null) {
          told.reading(size);
        }
      }
      return alloc.ioBuffer(size);
    }

    /** Only now: until then what came isn't counted elsewhere. */
    @Override
    public void readComplete() {
      over();
      super.readComplete();
    }

    @Override
    public boolean continueReading() {
      return !second && (second = missing > 0 && missing < most());
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
      return continueReading();
    }
  }
}
