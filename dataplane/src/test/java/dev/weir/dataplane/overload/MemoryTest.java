package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final long MIB = 1 << 20;

  @Test
  void connectionsOfTlsCountForWhatALimitLeaves() {
    long shared = Memory.directBytes() + 1000 * MIB;
    var connections = new AtomicLong();
    var reading = Memory.besideTls(() -> 0.05, connections::get, shared);
    connections.set(90 * 1024);
    assertThat(reading.getAsDouble()).isGreaterThan(0.85);
    connections.set(0);
    assertThat(Memory.besideTls(() -> 0.97, connections::get, shared).getAsDouble())
        .isEqualTo(0.97);
  }

  @Test
  void noLessIsSharedThanDirectMemoryMayHave() {
    assertThat(Memory.besideHeap()).isGreaterThanOrEqualTo(PlatformDependent.maxDirectMemory());
  }
}
