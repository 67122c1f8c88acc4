package dev.weir.dataplane.telemetry;

import java.util.List;

/**
 * Fixed buckets of a histogram, whose counts and sum live in a block of {@link StripedLongs}: one
 * count a bucket, one for what is above all bounds, then the sum. Immutable.
 */
final class HistogramBounds {
  private final long[] limits;
  private final String[] texts;
  private final double unit;

  private HistogramBounds(List<Double> bounds, double unit) {
    this.unit = unit;
    limits = new long[bounds.size()];
    texts = new String[bounds.size()];
    for (int i = 0; i < limits.length; i++) {
      limits[i] = Math.round(bounds.get(i) * unit);
      texts[i] = MetricWriter.text(bounds.get(i));
    }
  }

  /** Of values in nanoseconds, shown as seconds. */
  static HistogramBounds seconds(List<Double> bounds) {
    return new HistogramBounds(bounds, 1e9);
  }

  /** Of values in bytes. */
  static HistogramBounds bytes(List<Double> bounds) {
    return new HistogramBounds(bounds, 1);
  }

  /** How many numbers such a histogram takes. */
  int width() {
    return limits.length + 2;
  }

  /** Adds a value to the histogram that begins at {@code offset}. */
  void record(StripedLongs values, int offset, long value) {
    int bucket = 0;
    while (bucket < limits.length && value > limits[bucket]) {
      bucket++;
    }
    values.add(offset + bucket, 1);
    values.add(offset + limits.length + 1, value);
  }

  /** Writes the histogram that begins at {@code offset}, unless it has no values. */
  void write(MetricWriter out, Labels labels, StripedLongs values, int offset) {
    var counts = new long[limits.length + 1];
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = values.sum(offset + i);
      total += counts[i];
    }
    if (total > 0) {
      out.histogram(labels, texts, counts, values.sum(offset + counts.length) / unit);
    }
  }
}
