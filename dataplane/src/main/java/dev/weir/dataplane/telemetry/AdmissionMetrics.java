package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.telemetry.TelemetrySettings.Identity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the admission webhook did: the {@code admission_*} gauges of ingress-nginx, which tell of
 * the last check, and {@code check_success} and {@code check_errors} by Ingress.
 *
 * <p>Names come from whoever asks, so their number is bounded: only those asked for last are
 * counted, and one that nobody asks for any more is forgotten, as is an Ingress that is deleted.
 *
 * <p>Safe on every thread.
 */
public final class AdmissionMetrics implements MetricSource {
  static final int MOST_SUBJECTS = 1_000;
  static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  private final Labels constant;
  private final InstantSource clock;
  private final Map<Subject, Counts> counts = new LinkedHashMap<>();
  private final LongAdder allowed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unchecked = new LongAdder();
  private volatile Check last = new Check(0, 0, 0, 0);

  /** The Ingress that a question is about. */
  public record Subject(String namespace, String ingress) {}

  /**
   * A check.
   *
   * @param bytes of the question
   * @param ingresses that were looked at
   * @param checkNanos that deciding took
   * @param nanos that the whole question took
   */
  public record Check(long bytes, int ingresses, long checkNanos, long nanos) {}

  private record Counts(long successes, long errors, Instant last) {}

  /**
   * @param clock tells which Ingresses nobody asks for any more
   */
  public AdmissionMetrics(Identity identity, InstantSource clock) {
    this.constant = identity.labels();
    this.clock = clock;
  }

  /** An Ingress was checked. */
  public void checked(Subject subject, boolean accepted, Check check) {
    (accepted ? allowed : refused).increment();
    last = check;
    synchronized (counts) {
      var before = counts.remove(subject);
      counts.put(
          subject,
          new Counts(
              (before == null ? 0 : before.successes) + (accepted ? 1 : 0),
              (before == null ? 0 : before.errors) + (accepted ? 0 : 1),
              clock.instant()));
      if (counts.size() > MOST_SUBJECTS) {
        counts.remove(counts.keySet().iterator().next());
      }
    }
  }

  /** A question was answered without checking: an object of others, or no means to check it. */
  public void unchecked(boolean accepted) {
    (accepted ? unchecked : refused).increment();
  }

  @Override
  public void collect(MetricWriter out) {
    var check = last;
    gauge(out, "config_size", "Bytes of the last question to the webhook.", (double) check.bytes);
    gauge(out, "roundtrip_duration", "Seconds from question to answer.", check.nanos / 1e9);
    gauge(out, "render_duration", "Seconds that the check took.", check.checkNanos / 1e9);
    gauge(out, "render_ingresses", "Ingresses that were looked at.", check.ingresses);
    gauge(out, "tested_duration", "Seconds that the check took.", check.checkNanos / 1e9);
    gauge(out, "tested_ingresses", "Ingresses that were checked.", check.ingresses);
    Map<Subject, Counts> now;
    synchronized (counts) {
      var forgotten = clock.instant().minus(FORGOTTEN_AFTER);
      counts.values().removeIf(count -> count.last.isBefore(forgotten));
      now = new LinkedHashMap<>(counts);
    }
    out.family(
        Names.CONTROLLER + "check_success", MetricType.COUNTER, "Checks that allowed an Ingress.");
    now.forEach((subject, count) -> sample(out, subject, count.successes));
    out.family(
        Names.CONTROLLER + "check_errors", MetricType.COUNTER, "Checks that refused an Ingress.");
    now.forEach((subject, count) -> sample(out, subject, count.errors));
    out.family(
        "weir_admission_answers_total",
        MetricType.COUNTER,
        "Answers of the admission webhook; unchecked ones allow.");
    out.sample(Labels.of("answer", "allowed"), allowed.sum());
    out.sample(Labels.of("answer", "refused"), refused.sum());
    out.sample(Labels.of("answer", "unchecked"), unchecked.sum());
  }

  private void gauge(MetricWriter out, String name, String help, double value) {
    out.family(Names.CONTROLLER + "admission_" + name, MetricType.GAUGE, help)
        .sample(constant, value);
  }

  private void sample(MetricWriter out, Subject subject, long value) {
    if (value > 0) {
      out.sample(
          constant.and("ingress", subject.ingress).and("namespace", subject.namespace), value);
    }
  }
}
