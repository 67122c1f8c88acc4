package dev.weir.e2e.bench;

import java.util.Arrays;

/** Measured values and what is said of them. */
final class Samples {
  private double[] values = new double[64];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
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
    return percentile(0.5);
  }

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
