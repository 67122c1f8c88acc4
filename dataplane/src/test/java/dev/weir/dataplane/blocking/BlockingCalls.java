package dev.weir.dataplane.blocking;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockingOperationError;

/**
 * Fails a class of tests in which an event loop blocked. Asked for by nobody: the loop may have
 * swallowed the error, and the test passed all the same.
 */
public final class BlockingCalls implements AfterAllCallback {
  private static final ConcurrentLinkedQueue<BlockingOperationError> noted =
      new ConcurrentLinkedQueue<>();

  static void note(BlockingOperationError call) {
    noted.add(call);
  }

  /** What was noted since the last call. */
  static List<BlockingOperationError> take() {
    var calls = new ArrayList<BlockingOperationError>();
    for (var call = noted.poll(); call != null; call = noted.poll()) {
      calls.add(call);
    }
    return calls;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    failIfAny();
  }

  static void failIfAny() {
    var calls = take();
    if (!calls.isEmpty()) {
      var failure = new AssertionError(calls.size() + " blocking calls on event loops");
      calls.forEach(failure::addSuppressed);
      throw failure;
    }
  }
}
