package dev.weir.dataplane.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes Prometheus' text format 0.0.4. A family's head is written with its first sample, so one
 * without samples leaves no trace. Owned by the thread that serves a scrape.
 */
public final class MetricWriter {
  private static final int FLUSH_AT = 1 << 16;

  private final Appendable out;
  private final StringBuilder buffer = new StringBuilder();
  private final Set<String> written = new HashSet<>();
  private String name = "";
  private String pendingHead = "";

  /** Whoever scrapes takes no more: no fault of the source that was writing. */
  static final class Undelivered extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    Undelivered(IOException cause) {
      super(cause);
    }
  }

  MetricWriter(Appendable out) {
    this.out = out;
  }

  /**
   * Begins a family; its samples follow.
   *
   * @param help one sentence
   * @throws IllegalStateException if this name was written before: the format allows one group
   */
  public MetricWriter family(String familyName, MetricType type, String help) {
    if (written.contains(familyName)) {
      throw new IllegalStateException("metric " + familyName + " comes from two sources");
    }
    name = familyName;
    var escaped = help.replace("\\", "\\\\").replace("\n", "\\n");
    pendingHead = "# HELP %s %s\n# TYPE %s %s\n".formatted(name, escaped, name, type.text());
    return this;
  }

  /** A series of the family begun last. */
  public MetricWriter sample(Labels labels, double value) {
    return sample("", labels, text(value));
  }

  /** A series of the family begun last. */
  public MetricWriter sample(Labels labels, long value) {
    return sample("", labels, Long.toString(value));
  }

  /** A counter of one series. */
  MetricWriter counter(String counterName, String help, Labels labels, long value) {
    return family(counterName, MetricType.COUNTER, help).sample(labels, value);
  }

  /** A gauge of one series. */
  MetricWriter gauge(String gaugeName, String help, Labels labels, long value) {
    return family(gaugeName, MetricType.GAUGE, help).sample(labels, value);
  }

  /**
   * A histogram's series: cumulative buckets, sum and count.
   *
   * @param bounds as text, without infinity
   * @param counts of each bucket by itself, the one above all bounds last
   */
  public MetricWriter histogram(Labels labels, String[] bounds, long[] counts, double sum) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      begin("_bucket").append('{').append(labels.text());
      if (!labels.text().isEmpty()) {
        buffer.append(',');
      }
      buffer.append("le=\"").append(i < bounds.length ? bounds[i] : "+Inf").append("\"} ");
      buffer.append(total).append('\n');
    }
    sample("_sum", labels, text(sum));
    return sample("_count", labels, Long.toString(total));
  }

  private MetricWriter sample(String suffix, Labels labels, String value) {
    begin(suffix);
    if (!labels.text().isEmpty()) {
      buffer.append('{').append(labels.text()).append('}');
    }
    buffer.append(' ').append(value).append('\n');
    return this;
  }

  private StringBuilder begin(String suffix) {
    if (!pendingHead.isEmpty()) {
      buffer.append(pendingHead);
      pendingHead = "";
      written.add(name);
    }
    return buffer.append(name).append(suffix);
  }

  /** Sends on what was written. */
  void flush() throws IOException {
    out.append(buffer);
    buffer.setLength(0);
  }

  /**
   * Sends on what was written so far if it is much; for sources with many series, between two.
   *
   * @throws Undelivered if the receiver throws
   */
  public void relieve() {
    if (buffer.length() >= FLUSH_AT) {
      try {
        flush();
      } catch (IOException e) {
        throw new Undelivered(e);
      }
    }
  }

  /** Forgets what was written since the last {@link #flush}. */
  void discard() {
    buffer.setLength(0);
    pendingHead = "";
  }

  /** As Go prints it: {@code 0.005}, {@code 10}, {@code 1e+06}, {@code +Inf}. */
  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return Long.toString((long) value);
    }
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
    var exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return exact.toPlainString();
    }
    var digits = exact.unscaledValue().abs().toString();
    var mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return "%s%se%s%02d"
        .formatted(value < 0 ? "-" : "", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
