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
    loops
        .submit(() -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS))
        .awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
