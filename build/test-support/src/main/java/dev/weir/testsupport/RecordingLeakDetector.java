package dev.weir.testsupport;

import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detector, which also remembers what it logs.
 *
 * <p>Netty keeps one for each kind of resource in a static field, so the reports are static too.
 * The log is not asked: a test may reconfigure that.
 */
final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
  private static final Queue<String> reports = new ConcurrentLinkedQueue<>();

  RecordingLeakDetector(Class<?> resourceType, int samplingInterval) {
    super(resourceType, samplingInterval);
  }

  @Override
  protected void reportTracedLeak(String resourceType, String records) {
    super.reportTracedLeak(resourceType, records);
    reports.add("LEAK: " + resourceType + " was not released. Where it was used:" + records);
  }

  @Override
  protected void reportUntracedLeak(String resourceType) {
    super.reportUntracedLeak(resourceType);
    reports.add("LEAK: " + resourceType + " was not released.");
  }

  /** What was reported since the last call. */
  static String takeReports() {
    var text = new StringBuilder();
    for (var report = reports.poll(); report != null; report = reports.poll()) {
      text.append(report).append('\n');
    }
    return text.toString();
  }
}
