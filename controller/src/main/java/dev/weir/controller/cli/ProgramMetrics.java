package dev.weir.controller.cli;

import dev.weir.controller.loop.ControllerListener;
import dev.weir.controller.loop.FindingChanges;
import dev.weir.controller.loop.TableStats;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.telemetry.AdmissionMetrics;
import dev.weir.dataplane.telemetry.ConfigMetrics;
import dev.weir.dataplane.telemetry.ControllerMetrics;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells telemetry what the controller does, and gives it what the controller knows.
 *
 * <p>Thread rule: called by the controller thread; scraped by any.
 */
final class ProgramMetrics implements ControllerListener {
  private static final String REPOSITORY = "weir";

  private final Telemetry telemetry;
  private final AdmissionMetrics admission;
  private final ShownCertificates certificates;
  private final Orphans orphans = new Orphans();
  private final Map<Severity, Integer> findings = new ConcurrentHashMap<>();

  /**
   * @param certificates those that hosts show
   */
  ProgramMetrics(TelemetrySettings settings, ShownCertificates certificates) {
    this.certificates = certificates;
    this.telemetry = new Telemetry(settings, Clock.systemUTC());
    telemetry.register(
        ControllerMetrics.build(
            settings.identity(), Weir.ManifestVersion.version(), "java", REPOSITORY));
    telemetry.register(ControllerMetrics.certificates(certificates::facts));
    telemetry.register(ControllerMetrics.orphans(settings.identity(), orphans::types));
    telemetry.register(ControllerMetrics.findings(this::findingsBySeverity));
    this.admission = new AdmissionMetrics(settings.identity(), Clock.systemUTC());
    telemetry.register(admission);
  }

  /** What the admission webhook tells of its answers. */
  AdmissionMetrics admission() {
    return admission;
  }

  /** What the data plane tells of its requests and connections. */
  Telemetry telemetry() {
    return telemetry;
  }

  @Override
  public void onApplied(TableChange change, TableStats stats, long compileNanos, long applyNanos) {
    var sizes = stats.sizes();
    telemetry
        .config()
        .applied(
            compileNanos,
            applyNanos,
            new ConfigMetrics.TableSize(
                sizes.hosts(), sizes.routes(), sizes.upstreams(), sizes.certificates()));
    certificates.applied(change);
    orphans.applied(change);
  }

  @Override
  public void onPropagated(long nanos) {
    telemetry.config().propagated(nanos);
  }

  @Override
  public void onApplyFailed(Throwable fault) {
    telemetry.config().failed();
  }

  @Override
  public void onFindings(FindingChanges changes) {
    changes.appeared().forEach(finding -> findings.merge(finding.severity(), 1, Integer::sum));
    changes.resolved().forEach(finding -> findings.merge(finding.severity(), -1, Integer::sum));
  }

  private Map<String, Integer> findingsBySeverity() {
    var counts = new TreeMap<String, Integer>();
    for (var severity : Severity.values()) {
      counts.put(severity.name().toLowerCase(Locale.ROOT), findings.getOrDefault(severity, 0));
    }
    return counts;
  }
}
