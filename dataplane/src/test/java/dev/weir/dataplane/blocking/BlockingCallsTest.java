package dev.weir.dataplane.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.codec.Transport;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.BlockingOperationError;

/** A call that blocks an event loop is found, on the loops that the proxy has. */
@Isolated("What it has noted fails the class that ends next")
class BlockingCallsTest {
  @ParameterizedTest
  @EnumSource
  void aWaitOnALoopIsAnErrorAndIsNoted(Transport transport) throws Exception {
    if (!transport.available()) {
      return;
    }
    var loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("weir-loop"), transport.ioHandlerFactory());
    try {
      // So long that it waits even where a moment passes before it does; it is thrown out at once.
      var blocked = loops.submit(() -> new CountDownLatch(1).await(60, TimeUnit.SECONDS));
      assertThatThrownBy(blocked::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(BlockingOperationError.class);
      assertThat(BlockingCalls.take()).hasSize(1);
    } finally {
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
    assertThat(BlockingCalls.take()).isEmpty();
  }

  @Test
  void otherThreadsMayWait() throws Exception {
    assertThat(new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(BlockingCalls.take()).isEmpty();
  }

  @Test
  void whatIsNotedFailsTheClass() {
    BlockingCalls.note(
        new BlockingOperationError(new BlockingMethod("java/lang/Thread", "sleep", 0)));
    assertThatThrownBy(BlockingCalls::failIfAny)
        .isInstanceOf(AssertionError.class)
        .hasMessage("1 blocking calls on event loops");
  }
}
