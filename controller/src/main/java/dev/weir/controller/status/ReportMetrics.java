package dev.weir.controller.status;

import dev.weir.dataplane.telemetry.ControllerMetrics;
import dev.weir.dataplane.telemetry.Labels;
import dev.weir.dataplane.telemetry.MetricSource;
import dev.weir.dataplane.telemetry.MetricType;
import dev.weir.dataplane.telemetry.MetricWriter;
import dev.weir.dataplane.telemetry.TelemetrySettings.Identity;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * What was written, and whether this replica leads.
 *
 * <p>Thread rule: any thread.
 */
final class ReportMetrics implements MetricSource {
  /** A status was written. */
  final LongAdder statusWritten = new LongAdder();

  /** A status was not written since its Ingress had changed; tried again at once. */
  final LongAdder statusConflicts = new LongAdder();

  /** A status could not be written. */
  final LongAdder statusFailed = new LongAdder();

  /** An Event was written. */
  final LongAdder eventsWritten = new LongAdder();

  /** An Event was refused. */
  final LongAdder eventsFailed = new LongAdder();

  /** There were too many Events. */
  final LongAdder eventsDropped = new LongAdder();

  private final MetricSource leader;

  /**
   * @param lease its name
   * @param leads asked with every scrape
   */
  ReportMetrics(Identity identity, String lease, BooleanSupplier leads) {
    this.leader = ControllerMetrics.leader(identity, lease, leads);
  }

  @Override
  public void collect(MetricWriter out) {
    leader.collect(out);
    out.family(
        "weir_status_writes_total",
        MetricType.COUNTER,
        "Writes of an Ingress' status: done, met by a conflict, or failed.");
    out.sample(Labels.of("result", "written"), statusWritten.sum());
    out.sample(Labels.of("result", "conflict"), statusConflicts.sum());
    out.sample(Labels.of("result", "failed"), statusFailed.sum());
    out.family(
        "weir_events_total",
        MetricType.COUNTER,
        "Events on objects: written, refused by the API server, or dropped for being too many.");
    out.sample(Labels.of("result", "written"), eventsWritten.sum());
    out.sample(Labels.of("result", "failed"), eventsFailed.sum());
    out.sample(Labels.of("result", "dropped"), eventsDropped.sum());
  }
}
