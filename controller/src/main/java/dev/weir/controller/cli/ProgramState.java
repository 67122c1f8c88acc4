package dev.weir.controller.cli;

import dev.weir.controller.admin.AdminView;
import dev.weir.controller.admin.Health;
import dev.weir.controller.loop.Controller;
import dev.weir.controller.loop.ControllerListener;
import dev.weir.controller.loop.FindingChanges;
import dev.weir.controller.loop.Snapshot;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.telemetry.Telemetry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Where the program stands in its life, as the admin server shows it.
 *
 * <p>Thread rule: any thread.
 */
final class ProgramState implements AdminView, ControllerListener {
  private static final int MOST_FILES = 100;

  private final Origin.Opened origin;
  private final Stop stop;
  private final Telemetry metrics;
  private final Supplier<Optional<String>> stuck;
  private final Set<Finding> brokenFiles = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Controller> controller = new CompletableFuture<>();
  private volatile boolean serving;

  /**
   * Reads nothing yet.
   *
   * @param stuck says if traffic can't be served although there is a table
   */
  ProgramState(
      Origin.Opened origin, Stop stop, Telemetry metrics, Supplier<Optional<String>> stuck) {
    this.stuck = stuck;
    this.origin = origin;
    this.stop = stop;
    this.metrics = metrics;
  }

  /** The controller is there; called once. */
  void attach(Controller running) {
    controller.complete(running);
  }

  /** The first table serves. */
  void serves() {
    serving = true;
  }

  @Override
  public void onFindings(FindingChanges changes) {
    changes.resolved().forEach(brokenFiles::remove);
    changes.appeared().stream().filter(ProgramState::isOfFile).forEach(brokenFiles::add);
  }

  @Override
  public Health health() {
    if (stop.isRequested()) {
      return Health.notReady("shutting down");
    }
    var trouble = stuck.get();
    if (trouble.isPresent()) {
      return Health.notReady(trouble.get());
    }
    return serving
        ? Health.READY
        : Health.notReady("waiting for the first complete list from " + origin.name());
  }

  @Override
  public List<String> details() {
    var lines = new ArrayList<String>();
    lines.add("source: " + origin.name() + (serving ? ": read" : ": not read completely yet"));
    lines.addAll(origin.details().get());
    var running = controller.getNow(null);
    if (running == null || !serving) {
      return lines;
    }
    var stats = running.stats();
    lines.add(
        "table: version %d, %d hosts, %d routes, %d upstreams, %d certificates"
            .formatted(
                stats.version(),
                stats.sizes().hosts(),
                stats.sizes().routes(),
                stats.sizes().upstreams(),
                stats.sizes().certificates()));
    lines.add(
        "last change: "
            + (stats.lastSucceeded() ? "applied" : "could not be applied, the table before serves")
            + ", "
            + stats.applied()
            + "; failures since the start: "
            + stats.failures());
    for (var severity : Severity.values()) {
      lines.add(
          "findings, "
              + severity.name().toLowerCase(java.util.Locale.ROOT)
              + ": "
              + stats.findings().getOrDefault(severity, 0));
    }
    brokenFiles.stream().map(Finding::text).sorted().limit(MOST_FILES).forEach(lines::add);
    return lines;
  }

  @Override
  public CompletableFuture<Snapshot> snapshot() {
    return controller.thenCompose(Controller::snapshot);
  }

  @Override
  public void writeMetrics(Appendable out) throws IOException {
    metrics.writeTo(out);
  }

  private static boolean isOfFile(Finding finding) {
    return finding.object().key().kind() == Kind.MANIFEST;
  }
}
