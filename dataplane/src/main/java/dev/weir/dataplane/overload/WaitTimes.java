package dev.weir.dataplane.overload;

import dev.weir.dataplane.telemetry.Labels;
import dev.weir.dataplane.telemetry.MetricWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/** How often a loop let a task wait for how long. Any thread. */
final class WaitTimes {
  /** Milliseconds, ascending. */
  private static final List<Integer> BOUNDS = List.of(1, 2, 5, 10, 20, 50, 100, 250, 1_000, 5_000);

  private static final double NANOS = 1e9;
  private static final long MILLI = 1_000_000L;

  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.size() + 1);
  private final AtomicLong sum = new AtomicLong();

  void add(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS.size() && nanos > BOUNDS.get(bucket) * MILLI) {
      bucket++;
    }
    counts.incrementAndGet(bucket);
    sum.addAndGet(nanos);
  }

  /** Writes them as a histogram in seconds. */
  void write(MetricWriter out, Labels labels) {
    var bounds = BOUNDS.stream().map(WaitTimes::seconds).toArray(String[]::new);
    var all = LongStream.range(0, counts.length()).map(i -> counts.get((int) i)).toArray();
    out.histogram(labels, bounds, all, sum.get() / NANOS);
  }

  private static String seconds(int millis) {
    return millis % 1000 == 0 ? Integer.toString(millis / 1000) : Double.toString(millis / 1e3);
  }
}
