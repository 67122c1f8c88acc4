package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.codec.ReplyParts;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyReadsTest {
  /** Reads as an event loop does until it is told to stop; returns the sizes of the buffers. */
  private static int[] read(ReplyReads reads, ExtendedHandle handle, long missingAfterFirst) {
    var sizes = new int[3];
    handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
    int count = 0;
    do {
      var buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
      sizes[count++] = buffer.writableBytes();
      buffer.release();
      handle.lastBytesRead(1);
      handle.incMessagesRead(1);
      reads.next(count == 1 ? missingAfterFirst : 0, false);
    } while (handle.continueReading());
    return sizes;
  }

  @ParameterizedTest(name = "{0} bytes missing: second buffer {1}")
  @CsvSource({"0, 0", "1, 2", "16384, 16385", "16385, 0", "1099511627776, 0"})
  void aSecondReadComesOnlyForTheLittleThatIsMissing(long missing, int second) {
    var reads = new ReplyReads(false);
    var handle = reads.newHandle();
    for (int turn = 0; turn < 3; turn++) {
      var sizes = read(reads, handle, missing);
      assertThat(sizes[1]).isEqualTo(second);
      assertThat(sizes[2]).isZero();
    }
  }

  @ParameterizedTest(name = "{0} bytes still missing after the second read")
  @CsvSource({"1", "100"})
  void thereIsNeverAThird(int missing) {
    var reads = new ReplyReads(false);
    var handle = reads.newHandle();
    handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
    reads.next(missing, true);
    assertThat(handle.continueReading()).isTrue();
    reads.next(missing, true);
    assertThat(handle.continueReading()).isFalse();
  }

  @ParameterizedTest(name = "reads filled: {0}, more wanted: {1}: {2} reads")
  @CsvSource({"true, true, 4", "true, false, 1", "false, true, 1"})
  void filledReadsGoOnWhileMoreIsWanted(boolean filled, boolean wanted, int expected) {
    var reads = new ReplyReads(false);
    var handle = reads.newHandle();
    handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
    int count = 0;
    do {
      var buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
      handle.attemptedBytesRead(buffer.writableBytes());
      buffer.release();
      handle.lastBytesRead(filled ? handle.attemptedBytesRead() : 1);
      handle.incMessagesRead(1);
      reads.next(1 << 20, wanted);
      count++;
    } while (handle.continueReading());
    assertThat(count).isEqualTo(expected);
  }

  @Test
  void whatAReadMayBringCountsUntilItIsKnownWhatItBrought() {
    var room = new Room();
    var reads = new ReplyReads(true);
    reads.limit(() -> room, () -> 1000);
    var handle = reads.newHandle();
    handle.reset(new DefaultChannelConfig(new EmbeddedChannel()));
    var buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
    assertThat(buffer.capacity()).isEqualTo(1000);
    assertThat(room.reading).isEqualTo(1000);
    handle.lastBytesRead(1);
    assertThat(room.reading).isEqualTo(1000);
    handle.readComplete();
    assertThat(room.reading).isZero();
    handle.allocate(UnpooledByteBufAllocator.DEFAULT).release();
    assertThat(room.reading).isEqualTo(1000);
    reads.over();
    reads.over();
    assertThat(room.reading).isZero();
    buffer.release();
  }

  private static final class Room implements ReplyParts {
    private int reading;

    @Override
    public void reading(int bytes) {
      reading += bytes;
    }

    @Override
    public void gathering(int bytes, int reserved) {
      throw new AssertionError();
    }

    @Override
    public void gathered() {
      throw new AssertionError();
    }

    @Override
    public boolean admits(Part part) {
      throw new AssertionError();
    }

    @Override
    public void stuck(int bytes) {
      throw new AssertionError();
    }

    @Override
    public void forget(Part part) {
      throw new AssertionError();
    }
  }
}
