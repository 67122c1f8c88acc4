package dev.weir.e2e.harness;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program whose event loop blocks once. */
final class BlockedLoop {
  private BlockedLoop() {}

  public static void main(String[] arguments) {
    var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    // So long that it waits even where a moment passes before it does; it is thrown out at once.
    loops.submit(() -> new CountDownLatch(1).await(60, TimeUnit.SECONDS)).awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
