package dev.weir.e2e.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;

/** Measured values and what is said of them. */
final class Samples {
  private static final int DRAWS = 4_000;

  private double[] values = new double[64];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  void addAll(Samples others) {
    for (int i = 0; i < others.size; i++) {
      add(others.values[i]);
    }
  }

  /** Each value combined with the one of {@code others} that was added in the same turn. */
  Samples with(Samples others, DoubleBinaryOperator how) {
    var combined = new Samples();
    for (int i = 0; i < Math.min(size, others.size); i++) {
      combined.add(how.applyAsDouble(values[i], others.values[i]));
    }
    return combined;
  }

  int size() {
    return size;
  }

  /** The smallest value that at least this share of all values does not exceed. */
  double percentile(double share) {
    var sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)];
  }

  double median() {
    var sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return (sorted[(size - 1) / 2] + sorted[size / 2]) / 2;
  }

  /**
   * Where the median lies with 95 % confidence: the middle 95 % of the medians of samples drawn
   * with replacement (bootstrap).
   */
  Interval medianInterval() {
    var random = new Random(1);
    var medians = new Samples();
    for (int draw = 0; draw < DRAWS; draw++) {
      var drawn = new Samples();
      for (int i = 0; i < size; i++) {
        drawn.add(values[random.nextInt(size)]);
      }
      medians.add(drawn.median());
    }
    return new Interval(medians.percentile(0.025), medians.percentile(0.975));
  }

  /** A range of values. */
  record Interval(double low, double high) {}

  double max() {
    return percentile(1);
  }

  /** (max - min) / median, in percent: how far equal measurements lie apart. */
  double spreadPercent() {
    var sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return (sorted[size - 1] - sorted[0]) / median() * 100;
  }
}
