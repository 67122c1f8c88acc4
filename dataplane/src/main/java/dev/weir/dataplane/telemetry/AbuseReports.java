package dev.weir.dataplane.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators which {@link Offence}s clients commit and what came of it: counters, and a log
 * line now and then, at the level of information: there is nothing that has to be done about it.
 *
 * <p>One for all connections; safe on every thread.
 */
public final class AbuseReports implements MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(AbuseReports.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LogPause pause = new LogPause(System::nanoTime, PAUSE_NANOS);
  private final Map<Offence, Counts> counts = new EnumMap<>(Offence.class);

  private record Counts(LongAdder points, LongAdder leaves, LongAdder ends) {}

  AbuseReports() {
    for (var offence : Offence.values()) {
      counts.put(offence, new Counts(new LongAdder(), new LongAdder(), new LongAdder()));
    }
  }

  private Counts of(Offence offence) {
    return requireNonNull(counts.get(offence));
  }

  /** An offence was committed so often. */
  public void charged(Offence offence, int times) {
    of(offence).points.add((long) offence.points() * times);
  }

  /**
   * A client is asked to leave.
   *
   * @param offence the last one
   * @param address of the client
   */
  public void leaves(Offence offence, String address) {
    of(offence).leaves.increment();
    log(offence, address, "is asked to use another connection");
  }

  /**
   * A client's connection is closed.
   *
   * @param offence the last one
   * @param address of the client
   */
  public void ends(Offence offence, String address) {
    of(offence).ends.increment();
    log(offence, address, "is cut off");
  }

  private void log(Offence offence, String address, String outcome) {
    long unsaid = pause.begin();
    if (unsaid >= 0) {
      LOG.info(
          "The HTTP/2 client {} {} for what it does too often, last {}; {} such lines before this"
              + " one were left out.",
          address,
          outcome,
          offence.label(),
          unsaid);
    }
  }

  @Override
  public void collect(MetricWriter out) {
    out.family(
        "weir_http2_abuse_points_total",
        MetricType.COUNTER,
        "What clients spent of their connections' budgets for oddities of HTTP/2, in points.");
    counts.forEach((offence, count) -> out.sample(labels(offence), count.points.sum()));
    out.family(
        "weir_http2_abuse_goaways_total",
        MetricType.COUNTER,
        "HTTP/2 connections that were ended in good order, by what their client did last.");
    counts.forEach((offence, count) -> out.sample(labels(offence), count.leaves.sum()));
    out.family(
        "weir_http2_abuse_closes_total",
        MetricType.COUNTER,
        "HTTP/2 connections that were closed at once, by what their client did last.");
    counts.forEach((offence, count) -> out.sample(labels(offence), count.ends.sum()));
  }

  private static Labels labels(Offence offence) {
    return Labels.of("offence", offence.label());
  }
}
