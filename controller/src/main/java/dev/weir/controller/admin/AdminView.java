package dev.weir.controller.admin;

import dev.weir.controller.loop.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the admin server shows. Called from any thread; answers at once, from what is known. */
public interface AdminView {
  /** Whether traffic should be sent here. */
  Health health();

  /** What {@code /healthz?verbose} adds: a line for each source, for the last change, and so on. */
  List<String> details();

  /** The table that serves and all findings, as soon as the controller thread gets to it. */
  CompletableFuture<Snapshot> snapshot();

  /**
   * Writes all metrics in Prometheus' text format 0.0.4.
   *
   * @throws IOException what {@code out} throws
   */
  void writeMetrics(Appendable out) throws IOException;
}
