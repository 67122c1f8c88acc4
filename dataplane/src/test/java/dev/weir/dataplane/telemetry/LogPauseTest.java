package dev.weir.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogPauseTest {
  @Test
  void linesKeepApartAndCountThoseBetween() {
    var clock = new AtomicLong();
    var pause = new LogPause(clock::get);
    assertThat(pause.begin()).isZero();
    for (int i = 0; i < 1000; i++) {
      assertThat(pause.begin()).isEqualTo(-1);
    }
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(201));
    assertThat(pause.begin()).isEqualTo(1000);
    assertThat(pause.begin()).isEqualTo(-1);
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(201));
    assertThat(pause.begin()).isEqualTo(1);
  }
}
