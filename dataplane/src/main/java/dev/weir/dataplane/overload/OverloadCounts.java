package dev.weir.dataplane.overload;

import static java.util.Objects.requireNonNull;

import dev.weir.dataplane.telemetry.Labels;
import dev.weir.dataplane.telemetry.MetricSource;
import dev.weir.dataplane.telemetry.MetricType;
import dev.weir.dataplane.telemetry.MetricWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was refused, and why. Any thread. */
public final class OverloadCounts implements MetricSource {
  private final Map<Signal, LongAdder> shed = new EnumMap<>(Signal.class);
  private final LongAdder ofSource = new LongAdder();
  private final LongAdder inAll = new LongAdder();

  /** Nothing yet. */
  public OverloadCounts() {
    for (var signal : Signal.values()) {
      shed.put(signal, new LongAdder());
    }
  }

  void shed(Signal reason) {
    requireNonNull(shed.get(reason)).increment();
  }

  /** A connection was closed at once: its source has as many as it may. */
  public void refusedOfSource() {
    ofSource.increment();
  }

  /** A connection was closed at once: there are as many as there may be. */
  public void refusedInAll() {
    inAll.increment();
  }

  @Override
  public void collect(MetricWriter out) {
    out.family(
        "weir_overload_shed_requests_total",
        MetricType.COUNTER,
        "Requests answered 503 before they were routed, by what was scarce.");
    shed.forEach(
        (signal, count) -> {
          if (signal != Signal.DESCRIPTORS) {
            out.sample(Labels.of("reason", signal.label()), count.sum());
          }
        });
    out.family(
        "weir_overload_refused_connections_total",
        MetricType.COUNTER,
        "Client connections closed at once: too many of one source, or in all.");
    out.sample(Labels.of("reason", "source"), ofSource.sum());
    out.sample(Labels.of("reason", "all"), inAll.sum());
  }
}
