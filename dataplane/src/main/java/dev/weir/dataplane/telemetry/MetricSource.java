package dev.weir.dataplane.telemetry;

/** Somebody who has numbers to be scraped. */
@FunctionalInterface
public interface MetricSource {
  /**
   * Writes all families of this source. Called by the thread that serves a scrape, possibly by
   * several at once; must not wait.
   */
  void collect(MetricWriter out);
}
