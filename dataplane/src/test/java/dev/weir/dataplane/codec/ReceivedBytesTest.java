package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReceivedBytesTest {
  private static final int READ = 1000;
  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
  private final ReceivedBytes received = new ReceivedBytes();
  private int sent;
  private int taken;

  private void receive() {
    var read = alloc.buffer(READ);
    for (int i = 0; i < READ; i++) {
      read.writeByte(sent++);
    }
    received.add(alloc, read);
  }

  private void take(int left) {
    var in = Objects.requireNonNull(received.get());
    while (in.readableBytes() > left) {
      assertThat(in.readByte()).isEqualTo((byte) taken++);
    }
    received.shrink(alloc);
  }

  @Test
  void whatWasReadIsNotKeptHoweverLongThereIsARest() {
    for (int i = 0; i < 1000; i++) {
      receive();
      take(1 + i % 700);
      assertThat(Objects.requireNonNull(received.get()).capacity()).isLessThan(8 * READ);
    }
    take(0);
    assertThat(received.get()).isNull();
    assertThat(taken).isEqualTo(sent);
    assertThat(alloc.metric().usedHeapMemory()).isZero();
  }

  @Test
  void aRestThatIsAlmostEverythingStaysWhereItIs() {
    receive();
    var in = received.get();
    take(READ - 10);
    assertThat(received.get()).isSameAs(in);
    received.release();
  }
}
