package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** For how long the bytes of a body count. */
class HeldBytesTest {
  private final EventLoop loop = new DefaultEventLoop();
  private final List<Integer> freed = new ArrayList<>();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private HeldBytes held() {
    var bytes = Unpooled.buffer(10).writeZero(10);
    return new HeldBytes(UnpooledByteBufAllocator.DEFAULT, bytes, loop, freed::add);
  }

  private void onLoop(Runnable check) {
    loop.submit(check).syncUninterruptibly();
  }

  @Test
  void theyCountAsLongAsSomebodyHoldsThem() {
    onLoop(
        () -> {
          var whole = held();
          var part = whole.readRetainedSlice(3);
          whole.release();
          assertThat(freed).isEmpty();
          part.release();
          assertThat(freed).containsExactly(10);
        });
  }

  @Test
  void whatTlsMadeOfThemCountsUntilItIsSent() {
    onLoop(
        () -> {
          var sealed = held();
          sealed.countUntilSent();
          sealed.release();
          assertThat(freed).isEmpty();
          sealed.sent();
          assertThat(freed).containsExactly(10);
          var sentFirst = held();
          sentFirst.countUntilSent();
          sentFirst.sent();
          assertThat(freed).hasSize(1);
          sentFirst.release();
          assertThat(freed).hasSize(2);
        });
  }
}
