package dev.weir.dataplane.telemetry;

import java.util.List;

/**
 * How long things of one kind took, in few buckets: there may be such a histogram for each endpoint
 * of a cluster. Safe on every thread; allocates nothing to record.
 */
public final class Latencies {
  static final HistogramBounds BOUNDS =
      HistogramBounds.seconds(List.of(.001, .005, .025, .1, .5, 2.5, 10d));

  private final StripedLongs values = BOUNDS.newAlone();

  /** One took so many nanoseconds. */
  public void record(long nanos) {
    BOUNDS.record(values, HistogramBounds.alone(), nanos);
  }

  /** Writes a histogram of the family begun last, in seconds, unless there was nothing. */
  public void write(MetricWriter out, Labels labels) {
    BOUNDS.write(out, labels, values, HistogramBounds.alone());
  }

  /** Several of these together. Owned by who made it. */
  public static final class Total {
    private final long[] counts = new long[BOUNDS.counts()];
    private long sum;

    void add(StripedLongs values, HistogramBounds.Place place) {
      sum += values.sum(place.sum());
      for (int i = 0; i < counts.length; i++) {
        counts[i] += values.sum(place.of(i));
      }
    }

    void add(Total other) {
      sum += other.sum;
      for (int i = 0; i < counts.length; i++) {
        counts[i] += other.counts[i];
      }
    }

    /** Writes a histogram of the family begun last, in seconds, unless there was nothing. */
    public void write(MetricWriter out, Labels labels) {
      BOUNDS.write(out, labels, counts, sum);
    }
  }
}
