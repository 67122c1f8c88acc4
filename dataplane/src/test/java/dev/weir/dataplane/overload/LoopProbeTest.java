package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopProbeTest {
  private static final long MILLI = 1_000_000L;

  // Threads of the JDK's own kind, which may wait.
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, Thread.ofPlatform().factory(), NioIoHandler.newFactory());
  private final LoopProbe probe =
      new LoopProbe((io.netty.channel.EventLoop) loops.next(), "the loop");

  private long now;

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void turnsThatAreSlowNowAndThenShedNothing() {
    for (int i = 0; i < 20; i++) {
      take(300 * MILLI);
      take(200 * MILLI);
      take(300 * MILLI);
      assertThat(probe.share()).isZero();
      for (int k = 0; k < 8; k++) {
        take(50 * MILLI);
      }
    }
    assertThat(probe.sustained()).isLessThan(LoopProbe.LATE);
  }

  @Test
  void oneQuickTurnAmongSlowOnesHidesNothing() {
    for (int i = 0; i < 4; i++) {
      take(150 * MILLI);
      take(150 * MILLI);
      take(MILLI);
    }
    assertThat(probe.share()).isPositive();
  }

  @Test
  void whatPassesWithinASecondShedsNothing() {
    take(MILLI);
    for (int i = 0; i < 6; i++) {
      take(150 * MILLI);
      assertThat(probe.share()).isZero();
      assertThat(probe.sustained()).isLessThan(LoopProbe.LATE);
    }
    take(150 * MILLI);
    assertThat(probe.share()).isPositive();
    assertThat(probe.sustained()).isEqualTo(150 * MILLI);
  }

  @Test
  void onePauseOfSecondsShedsNothing() {
    take(5_000 * MILLI);
    take(MILLI);
    assertThat(probe.share()).isZero();
  }

  @Test
  void theLaterAnAnswerIsTheMoreIsShed() {
    for (int i = 0; i < 10; i++) {
      take(110 * MILLI);
    }
    int little = probe.share();
    take(350 * MILLI);
    assertThat(probe.share() - little).isGreaterThan(2 * little);
  }

  @Test
  void theMoreTurnsAreSlowTheMoreIsShedAndSomeAreAlwaysServed() {
    for (int i = 0; i < 7; i++) {
      take(150 * MILLI);
    }
    int first = probe.share();
    assertThat(first).isPositive();
    take(150 * MILLI);
    assertThat(probe.share()).isGreaterThan(first);
    for (int i = 0; i < 100; i++) {
      take(150 * MILLI);
    }
    assertThat(probe.share()).isLessThan(LoopProbe.ALL);
    int most = probe.share();
    take(20 * MILLI);
    assertThat(probe.share()).as("lets go slowly").isBetween(1, most - 1);
    for (int i = 0; i < 100; i++) {
      take(20 * MILLI);
    }
    assertThat(probe.share()).isZero();
  }

  /** Asks again as soon as there is an answer. */
  private void take(long nanos) {
    now += nanos;
    probe.take(nanos, now);
  }

  @Test
  void aBlockedLoopIsSeenBeforeItAnswers() throws Exception {
    assertThat(probe.ask()).isTrue();
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
    assertThat(probe.ask()).isTrue();
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

  private static void pause(CountDownLatch latch, long millis) {
    try {
      var _ = latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has the loop keep a question waiting for 150 ms and more by what it does before. */
  private void askBehind(Runnable slow) {
    assertThat(probe.ask()).isTrue();
    await().until(probe::answered);
    var asked = new CountDownLatch(1);
    probe
        .loop()
        .execute(
            () -> {
              pause(asked, 60_000);
              slow.run();
            });
    assertThat(probe.ask()).isTrue();
    asked.countDown();
    await().until(probe::answered);
    assertThat(probe.delay()).isGreaterThan(LoopProbe.LATE);
  }

  @Test
  void whereACpuQuotaHeldTheProcessUpAWaitCountsOnlyAsFarAsTheLoopWorked() {
    askBehind(() -> pause(new CountDownLatch(1), 150));
    assertThat(probe.counted(() -> false)).isEqualTo(probe.delay());
    assertThat(probe.counted(() -> true)).isLessThan(LoopProbe.LATE);
  }

  @Test
  void aLoopThatWorksForTooLongIsLateWhateverTheQuota() {
    var threads = ManagementFactory.getThreadMXBean();
    askBehind(
        () -> {
          long until = threads.getCurrentThreadCpuTime() + 150 * MILLI;
          while (threads.getCurrentThreadCpuTime() < until) {
            // Works.
          }
        });
    assertThat(probe.counted(() -> true)).isGreaterThan(LoopProbe.LATE);
  }

  @Test
  void aLoopThatEndedIsNotAsked() {
    close();
    assertThat(probe.ask()).isFalse();
    assertThat(probe.answered()).isTrue();
  }
}
