package dev.weir.dataplane.model;

import java.time.Duration;

/**
 * How long a route waits for its upstream.
 *
 * @param connect all connection attempts together
 * @param read between two reads from the upstream; also the idle limit of an upgraded connection
 * @param send between two writes that the upstream takes
 */
public record Timeouts(Duration connect, Duration read, Duration send) {
  /** 5 s, 60 s, 60 s. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60));
}
