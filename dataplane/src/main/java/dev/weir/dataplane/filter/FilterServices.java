package dev.weir.dataplane.filter;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What filters may call; shared by all of them and by all loops.
 *
 * @param nanoTime a monotonic clock in nanoseconds; tests put their own in its place
 * @param background runs work that would hold up an event loop, such as hashing a password. Its
 *     queue is bounded: a full one throws {@link java.util.concurrent.RejectedExecutionException},
 *     and whoever needed the work answers 503
 * @param shared what filters of one kind have together
 * @param spans takes what traces tell of requests
 */
public record FilterServices(
    LongSupplier nanoTime, Executor background, SharedState shared, SpanSink spans) {
  /** With nothing shared yet, and nobody who takes spans. */
  public FilterServices(LongSupplier nanoTime, Executor background) {
    this(nanoTime, background, new SharedState(), span -> {});
  }
}
