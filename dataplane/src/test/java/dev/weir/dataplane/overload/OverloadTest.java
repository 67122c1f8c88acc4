package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
}
