package dev.weir.e2e.harness;

import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Says in the program's log when an event loop blocks, as an error that no test expects: the error
 * that is thrown there would only close a connection. Part of the program's process, not of the
 * tests'.
 */
public final class BlockingCallsToLog implements BlockHoundIntegration {
  /** Begins the line in the log. */
  static final String LINE = "now ERROR an event loop blocked: ";

  @Override
  public void applyTo(BlockHound.Builder builder) {
    // The allocator, when it widens: the locks that it waits for are held for an instant.
    builder.allowBlockingCallsInside(
        "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    builder.blockingMethodCallback(
        method -> {
          var error = new BlockingOperationError(method);
          System.out.println(LINE + method);
          error.printStackTrace(System.out);
          throw error;
        });
  }
}
