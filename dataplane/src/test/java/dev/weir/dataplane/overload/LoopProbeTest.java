package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopProbeTest {
  private static final long MILLI = 1_000_000L;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LoopProbe probe =
      new LoopProbe((io.netty.channel.EventLoop) loops.next(), "the loop");

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void oneSlowTurnShedsNothing() {
    probe.take(800 * MILLI);
    probe.take(MILLI);
    probe.take(900 * MILLI);
    probe.take(700 * MILLI);
    assertThat(probe.share()).isZero();
  }

  @Test
  void theMoreTurnsAreSlowTheMoreIsShedAndSomeAreAlwaysServed() {
    for (int i = 0; i < 3; i++) {
      probe.take(150 * MILLI);
    }
    int first = probe.share();
    assertThat(first).isPositive();
    probe.take(150 * MILLI);
    assertThat(probe.share()).isGreaterThan(first);
    for (int i = 0; i < 100; i++) {
      probe.take(150 * MILLI);
    }
    assertThat(probe.share()).isLessThan(LoopProbe.ALL);
    int most = probe.share();
    probe.take(20 * MILLI);
    assertThat(probe.share()).as("lets go slowly").isBetween(1, most - 1);
    for (int i = 0; i < 100; i++) {
      probe.take(20 * MILLI);
    }
    assertThat(probe.share()).isZero();
  }

  @Test
  void aBlockedLoopIsSeenBeforeItAnswers() throws Exception {
    assertThat(probe.ask(System.nanoTime())).isTrue();
    await().until(probe::answered);
    var release = new AtomicBoolean();
    probe
        .loop()
        .execute(
            () -> {
              while (!release.get()) {
                // Nothing that counts as waiting.
              }
            });
    long asked = System.nanoTime();
    assertThat(probe.ask(asked)).isTrue();
    var watch = new LoopWatch(probe);
    await().until(() -> probe.waiting(System.nanoTime()) > LoopWatch.STALL);
    assertThat(probe.answered()).isFalse();
    watch.waiting(LoopWatch.STUCK - 1, System.nanoTime(), true);
    assertThat(watch.stuck()).isEmpty();
    watch.waiting(LoopWatch.STUCK, System.nanoTime(), true);
    assertThat(watch.stuck()).hasValueSatisfying(text -> assertThat(text).contains("the loop"));
    release.set(true);
    await().until(probe::answered);
    watch.answered(probe.delay());
    assertThat(watch.stuck()).isEmpty();
    assertThat(watch.stalls()).isOne();
    assertThat(watch.longest()).isEqualTo(probe.delay()).isGreaterThan(LoopWatch.STALL);
  }

  @Test
  void aLoopThatEndedIsNotAsked() {
    close();
    assertThat(probe.ask(System.nanoTime())).isFalse();
    assertThat(probe.answered()).isTrue();
  }
}
