package dev.weir.dataplane.blocking;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/**
 * Makes blocking calls on event loops fail and be noted; before any loop starts. Which threads are
 * loops, and what they may do all the same, Netty says itself.
 */
public final class BlockHoundSetup implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    BlockHound.builder()
        .loadIntegrations()
        // A ring that is closed spins until the wakeup under way has ended.
        .allowBlockingCallsInside("io.netty.channel.uring.IoUringIoHandler", "destroy")
        // The allocator, when it widens: the locks that it waits for are held for an instant.
        .allowBlockingCallsInside(
            "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines")
        .blockingMethodCallback(
            method -> {
              var error = new BlockingOperationError(method);
              BlockingCalls.note(error);
              throw error;
            })
        .install();
  }
}
