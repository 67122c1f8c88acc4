package dev.weir.controller.source;

import java.time.Duration;

/**
 * Every duration of the list/watch loop.
 *
 * @param watchShortest least {@code timeoutSeconds} of a watch; whole seconds
 * @param watchLongest greatest one; each watch takes a random value between, so that they don't all
 *     end together
 * @param grace how long past its time a watch may be silent before it is cut
 * @param answer how long the head of an answer, and then each page of a list, may take
 * @param retryShortest first pause after a failure; pauses double from there
 * @param retryLongest longest pause
 * @param probe how often the address of an unreachable server is tried
 */
public record ApiServerTiming(
    Duration watchShortest,
    Duration watchLongest,
    Duration grace,
    Duration answer,
    Duration retryShortest,
    Duration retryLongest,
    Duration probe) {

  /** What a cluster is used with: a silent watch is noticed within 50 s. */
  public static final ApiServerTiming DEFAULT =
      new ApiServerTiming(
          Duration.ofSeconds(30),
          Duration.ofSeconds(45),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1));

  /** The same with watches that last between two thirds of a time and all of it. */
  public ApiServerTiming watching(Duration longest) {
    long most = Math.max(1, longest.toSeconds());
    return new ApiServerTiming(
        Duration.ofSeconds(Math.max(1, most * 2 / 3)),
        Duration.ofSeconds(most),
        grace,
        answer,
        retryShortest,
        retryLongest,
        probe);
  }
}
