package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.ReplyParts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much the reads of one upstream connection bring: one read of 64 KiB at most, more of them
 * while each is filled and more is wanted, and one more where only a little of the reply is
 * missing.
 *
 * <p>What a turn of the loop reads goes to the client in one write, which wakes it once. A body of
 * 64 KiB arrives behind its head in two packets, and the first one wakes the reader: without
 * another look the few bytes that don't fit into it cost another turn and another packet to the
 * client. Without bytes there that look costs one system call.
 *
 * <p>Owned by the connection's event loop.
 */
final class ReplyReads implements RecvByteBufAllocator {
  /** Reads in one turn of the loop, the one for the rest not counted. */
  static final int MOST_READS = 4;

  /** What may be missing for a read of its own. */
  static final int MOST_MISSING = 16 * 1024;

  /** Room that is worth another read. */
  private static final int LEAST_ROOM = 16 * 1024;

  private static final RecvByteBufAllocator SIZES =
      new AdaptiveRecvByteBufAllocator(512, 4096, 64 * 1024).maxMessagesPerRead(1);

  /** A read's buffer is the kernel's before it is known what comes (io_uring). */
  private final boolean ahead;

  private int missing;
  private boolean wanted;
  private Supplier<@Nullable ReplyParts> taker = () -> null;
  private IntSupplier most = () -> Integer.MAX_VALUE;

  /** Who knows of the read under way, and what it may bring. */
  private @Nullable ReplyParts told;

  private int underWay;

  ReplyReads(boolean ahead) {
    this.ahead = ahead;
  }

  /**
   * From now on no read brings more than who takes it wants to have: asked when the read happens,
   * because whoever asked for it may have done so long before, when there was more room.
   *
   * @param who is told of reads that can't be taken back
   * @param bytes that a read may bring
   */
  void limit(Supplier<@Nullable ReplyParts> who, IntSupplier bytes) {
    taker = who;
    most = bytes;
  }

  /** No read is under way any more. */
  void over() {
    var last = told;
    if (last != null) {
      told = null;
      last.reading(-underWay);
    }
  }

  /**
   * Tells what follows a read.
   *
   * @param bytes of the reply that are still to come; 0 if that isn't known
   * @param more whether the reader asked for more
   */
  void next(long bytes, boolean more) {
    missing = bytes > MOST_MISSING ? 0 : (int) bytes;
    wanted = more;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new Reads((ExtendedHandle) SIZES.newHandle());
  }

  private final class Reads extends DelegatingHandle implements ExtendedHandle {
    private int count;
    private boolean rest;

    Reads(ExtendedHandle sizes) {
      super(sizes);
    }

    @Override
    public void reset(ChannelConfig config) {
      count = 0;
      rest = false;
      wanted = false;
      super.reset(config);
    }

    @Override
    public int guess() {
      return Math.min(super.guess(), most.getAsInt());
    }

    /** One byte more than is missing: bytes behind a reply have to be noticed. */
    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
      int size = rest ? missing + 1 : guess();
      if (ahead) {
        over();
        underWay = size;
        told = taker.get();
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
      if (rest) {
        return false;
      }
      count++;
      if (missing > 0 && missing < most.getAsInt()) {
        rest = true;
        return true;
      }
      boolean filled = lastBytesRead() > 0 && lastBytesRead() == attemptedBytesRead();
      return wanted && filled && count < MOST_READS && most.getAsInt() >= LEAST_ROOM;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
      return continueReading();
    }
  }
}
