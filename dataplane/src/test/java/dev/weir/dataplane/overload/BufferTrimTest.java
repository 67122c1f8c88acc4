package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferTrimTest {
  private static final long MIB = 1 << 20;

  private final AdaptiveByteBufAllocator allocator = new AdaptiveByteBufAllocator(true);
  private final BufferTrim trim = new BufferTrim(allocator, this::used);

  private long used() {
    return allocator.metric().usedDirectMemory();
  }

  private List<ByteBuf> burst() {
    var buffers = new ArrayList<ByteBuf>();
    while (used() < 32 * MIB) {
      buffers.add(allocator.directBuffer(64 * 1024));
      buffers.add(allocator.directBuffer(20_000));
    }
    return buffers;
  }

  @Test
  void whatABurstLeftIsGivenBack() {
    burst().forEach(ByteBuf::release);
    trim.trim();
    assertThat(used()).isLessThan(16 * MIB);
  }

  @Test
  void whatIsInUseStays() {
    var buffers = burst();
    for (int i = 0; i < 10; i++) {
      trim.trim();
    }
    assertThat(used()).isLessThan(40 * MIB);
    buffers.forEach(buffer -> buffer.setZero(0, buffer.capacity()));
    buffers.forEach(ByteBuf::release);
    trim.trim();
    assertThat(used()).isLessThan(16 * MIB);
  }
}
