package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverloadTest {
  private static final Relief NONE =
      new Relief() {
        @Override
        public void endIdle() {}

        @Override
        public void endConnections() {}

        @Override
        public void accept(boolean on) {}
      };

  @Test
  void loopsAreAskedBeforeDescriptorsAreCountedBecauseThatTakesLong() throws Exception {
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    var loop = (SingleThreadIoEventLoop) loops.next();
    var standing = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    loop.execute(
        () -> {
          standing.countDown();
          while (release.getCount() > 0) {
            // Nothing that counts as waiting.
          }
        });
    standing.await();
    var asked = new CompletableFuture<Integer>();
    var config =
        new OverloadConfig(
            Duration.ofMillis(1),
            () -> 0,
            () -> 0,
            1_000,
            () -> {
              asked.complete(loop.pendingTasks());
              return 0;
            },
            () -> 0);
    try (var overload =
        new Overload(config, loops, Descriptors.unlimited(), new OverloadCounts(), NONE)) {
      overload.start();
      assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    } finally {
      release.countDown();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** Keeps each loop from everything else until it is freed. */
  private static final class Hold {
    private final CountDownLatch free = new CountDownLatch(1);

    /** Returns when no loop does anything else any more, and all that was before is done. */
    Hold(EventLoopGroup loops) throws InterruptedException {
      var held = new CountDownLatch(2);
      for (var loop : loops) {
        loop.execute(
            () -> {
              held.countDown();
              try {
                free.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
      held.await();
    }

    void free() {
      free.countDown();
    }
  }

  /** Each look finds late answers of both loops, whose process the system held up or didn't. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void loopsThatTheSystemHeldUpTogetherAreAllForgiven(boolean bySystem) throws Exception {
    // Threads of the JDK's own kind, which may wait.
    var loops =
        new MultiThreadIoEventLoopGroup(
            2, Thread.ofPlatform().factory(), NioIoHandler.newFactory());
    var asked = new Semaphore(0);
    var goOn = new Semaphore(0);
    var heldUp = new AtomicLong();
    var config =
        new OverloadConfig(
            Duration.ofMillis(1),
            () -> {
              // Loops are asked before.
              asked.release();
              goOn.acquireUninterruptibly();
              return 0;
            },
            () -> 0,
            1_000,
            () -> 0,
            heldUp::get);
    var hold = new Hold(loops);
    try (var overload =
        new Overload(config, loops, Descriptors.unlimited(), new OverloadCounts(), NONE)) {
      overload.start();
      for (int round = 1; round <= 9; round++) {
        asked.acquire();
        long since = System.nanoTime();
        await()
            .pollInterval(Duration.ofMillis(10))
            .until(() -> System.nanoTime() - since > LoopProbe.LATE * 3 / 2);
        heldUp.addAndGet(bySystem ? 1 : 0);
        hold.free();
        hold = new Hold(loops);
        goOn.release();
      }
      // The look that takes the last answers, to its end.
      asked.acquire();
      goOn.release();
      asked.acquire();
      assertThat(overload.mayShed()).isEqualTo(!bySystem);
    } finally {
      hold.free();
      goOn.release(1_000_000);
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** They may have come to rest after they were told to go on. */
  @Test
  void listenersAreToldToAcceptWhileThereIsRoom() throws Exception {
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    var told = new CompletableFuture<Boolean>();
    var relief =
        new Relief() {
          @Override
          public void endIdle() {}

          @Override
          public void endConnections() {}

          @Override
          public void accept(boolean on) {
            told.complete(on);
          }
        };
    var config =
        new OverloadConfig(Duration.ofMillis(1), () -> 0, () -> 0, 1_000, () -> 0, () -> 0);
    try (var overload =
        new Overload(config, loops, Descriptors.unlimited(), new OverloadCounts(), relief)) {
      overload.start();
      assertThat(told.get(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
