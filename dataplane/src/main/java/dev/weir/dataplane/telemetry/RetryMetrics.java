package dev.weir.dataplane.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Retries by reason. Safe on every thread. */
final class RetryMetrics implements MetricSource {
  private final Map<RetryReason, LongAdder> counts = new EnumMap<>(RetryReason.class);

  RetryMetrics() {
    for (var reason : RetryReason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  void record(RetryReason reason) {
    requireNonNull(counts.get(reason)).increment();
  }

  @Override
  public void collect(MetricWriter out) {
    out.family(
        "weir_upstream_retries_total",
        MetricType.COUNTER,
        "Requests that were tried again, by the reason of the failed try.");
    counts.forEach((reason, count) -> out.sample(Labels.of("reason", reason.label()), count.sum()));
  }
}
