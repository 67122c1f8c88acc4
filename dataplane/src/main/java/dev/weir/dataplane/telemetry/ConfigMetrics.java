package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.RoutingTableText;
import dev.weir.dataplane.model.VirtualHost;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Applied tables; an apply is what ingress-nginx calls a reload. Told by the applying thread, read
 * by any.
 */
public final class ConfigMetrics implements MetricSource {
  /** What serves after an apply. */
  public record TableSize(int hosts, int routes, int upstreams, int certificates) {}

  private static final HistogramBounds APPLY_BOUNDS =
      HistogramBounds.seconds(
          List.of(.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1d, 5d));
  private static final HistogramBounds PROPAGATION_BOUNDS =
      HistogramBounds.seconds(
          List.of(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1d, 2.5, 5d, 10d, 30d));
  private static final long EXACT_IN_DOUBLE = (1L << 53) - 1;

  private final Labels constant;
  private final InstantSource clock;
  private final LongAdder successes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final StripedLongs applyTimes = APPLY_BOUNDS.newAlone();
  private final StripedLongs compileTimes = APPLY_BOUNDS.newAlone();
  private final StripedLongs propagationTimes = PROPAGATION_BOUNDS.newAlone();
  private volatile TableSize size = new TableSize(0, 0, 0, 0);
  private volatile boolean lastSucceeded;
  private volatile long lastSuccessSeconds;
  private volatile long hash;

  ConfigMetrics(Labels constant, InstantSource clock) {
    this.constant = constant;
    this.clock = clock;
  }

  /**
   * A table serves.
   *
   * @param compileNanos that making the change took
   * @param nanos from the begin of the apply to the moment when requests saw it
   */
  public void applied(long compileNanos, long nanos, TableSize serving) {
    size = serving;
    APPLY_BOUNDS.record(compileTimes, HistogramBounds.alone(), compileNanos);
    APPLY_BOUNDS.record(applyTimes, HistogramBounds.alone(), nanos);
    successes.increment();
    lastSuccessSeconds = clock.instant().getEpochSecond();
    lastSucceeded = true;
  }

  /** What came so long ago from where objects come from serves now. */
  public void propagated(long nanos) {
    PROPAGATION_BOUNDS.record(propagationTimes, HistogramBounds.alone(), nanos);
  }

  /** A change was refused; the table before it serves on. */
  public void failed() {
    failures.increment();
    lastSucceeded = false;
  }

  /**
   * Follows the hash of the whole table at the cost of what changed: it is the sum of the hosts'
   * hashes. It is taken from their text, so that replicas agree on it.
   */
  void tableChanged(Collection<VirtualHost> replaced, Collection<VirtualHost> serving) {
    long sum = hash;
    for (var host : replaced) {
      sum -= hashOf(host);
    }
    for (var host : serving) {
      sum += hashOf(host);
    }
    hash = sum;
  }

  private static long hashOf(VirtualHost host) {
    var text = RoutingTableText.of(host);
    long result = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      result = (result ^ text.charAt(i)) * 0x100000001b3L;
    }
    return result;
  }

  @Override
  public void collect(MetricWriter out) {
    gauge(out, "config_hash", "Hash of the routing table that serves.", hash & EXACT_IN_DOUBLE);
    gauge(
        out,
        "config_last_reload_successful",
        "Whether the last change of the configuration was applied.",
        lastSucceeded ? 1 : 0);
    gauge(
        out,
        "config_last_reload_successful_timestamp_seconds",
        "When a change of the configuration was applied last, in seconds since 1970.",
        lastSuccessSeconds);
    out.counter(
        Names.CONTROLLER + "success",
        "Changes of the configuration that were applied.",
        constant,
        successes.sum());
    out.counter(
        Names.CONTROLLER + "errors",
        "Changes of the configuration that could not be applied.",
        constant,
        failures.sum());
    var now = size;
    table(out, "hosts", now.hosts());
    table(out, "routes", now.routes());
    table(out, "upstreams", now.upstreams());
    table(out, "certificates", now.certificates());
    out.family(
        "weir_compile_duration_seconds",
        MetricType.HISTOGRAM,
        "Time from taking events to the finished change of the table.");
    APPLY_BOUNDS.write(out, Labels.NONE, compileTimes, HistogramBounds.alone());
    out.family(
        "weir_apply_duration_seconds",
        MetricType.HISTOGRAM,
        "Time from the begin of an apply until requests see the new table.");
    APPLY_BOUNDS.write(out, Labels.NONE, applyTimes, HistogramBounds.alone());
    out.family(
        "weir_propagation_duration_seconds",
        MetricType.HISTOGRAM,
        "Time from the arrival of an object's event until requests see what it changed.");
    PROPAGATION_BOUNDS.write(out, Labels.NONE, propagationTimes, HistogramBounds.alone());
  }

  private void gauge(MetricWriter out, String name, String help, long value) {
    out.gauge(Names.CONTROLLER + name, help, constant, value);
  }

  private static void table(MetricWriter out, String what, int count) {
    out.gauge(
        "weir_table_" + what,
        "Number of " + what + " in the routing table that serves.",
        Labels.NONE,
        count);
  }
}
