package dev.weir.testsupport;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.ref.Cleaner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the suite when Netty reports a leak.
 *
 * <p>A leak is noticed only after the garbage collector ran, so a class fails for the reports that
 * have come by its end (its own or an earlier class's), and the last word is spoken when the suite
 * ends, after a collection.
 */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    context.getRoot().getStore(Namespace.create(NoLeaks.class)).computeIfAbsent(EndOfSuite.class);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    failOnReports();
  }

  static void failOnReports() {
    String reports = RecordingLeakDetector.takeReports();
    if (!reports.isEmpty()) {
      throw new AssertionError(reports);
    }
  }

  /** Closed by JUnit after the last test. */
  static final class EndOfSuite implements AutoCloseable {
    @Override
    public void close() {
      // Twice: references of one collection reach their queues in no particular order.
      collectGarbage();
      collectGarbage();
      // The detector reads its queue when a resource is made.
      UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
      failOnReports();
    }

    private static void collectGarbage() {
      var collected = new CountDownLatch(1);
      var cleaner = Cleaner.create();
      cleaner.register(new Object(), collected::countDown);
      try {
        do {
          System.gc();
        } while (!collected.await(1, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted, so a leak may have gone unseen", e);
      }
    }
  }
}
