package dev.weir.dataplane.telemetry;

import java.util.List;

/**
 * Fixed buckets of a histogram, whose counts and sum live in {@link StripedLongs} beside those of
 * others: one count a bucket, and one for what is above all bounds. Immutable.
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

  /**
   * Where a histogram's numbers are.
   *
   * @param sum of the values
   * @param bucket the first count
   * @param step from one count to the next
   */
  record Place(int sum, int bucket, int step) {
    int of(int index) {
      return bucket + index * step;
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

  /** Number of counts. */
  int counts() {
    return limits.length + 1;
  }

  /** A histogram that has its numbers for itself: the sum, then the counts. */
  static Place alone() {
    return new Place(0, 1, 1);
  }

  /** The numbers of a histogram {@link #alone}. */
  StripedLongs newAlone() {
    return new StripedLongs(1 + counts());
  }

  /** Adds a value. */
  void record(StripedLongs values, Place place, long value) {
    int bucket = 0;
    while (bucket < limits.length && value > limits[bucket]) {
      bucket++;
    }
    values.add(place.of(bucket), 1);
    values.add(place.sum, value);
  }

  /** Writes the histogram, unless it has no values. */
  void write(MetricWriter out, Labels labels, StripedLongs values, Place place) {
    var found = new long[counts()];
    for (int i = 0; i < found.length; i++) {
      found[i] = values.sum(place.of(i));
    }
    write(out, labels, found, values.sum(place.sum));
  }

  /**
   * Writes a histogram, unless it has no values.
   *
   * @param found how many values each bucket has
   */
  void write(MetricWriter out, Labels labels, long[] found, long sum) {
    for (long count : found) {
      if (count > 0) {
        out.histogram(labels, texts, found, sum / unit);
        return;
      }
    }
  }
}
