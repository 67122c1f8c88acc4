package dev.weir.dataplane.model;

/**
 * When another endpoint may be tried, inside the bounds of hardening.md 5.1.
 *
 * @param connectRetries further tries after a failed connect (nothing was sent, any method)
 * @param replayRetries further tries after a reused connection died before the first reply byte
 *     (idempotent methods only)
 */
public record RetryPolicy(int connectRetries, int replayRetries) {
  /** Two after failed connects, one after a dead reused connection. */
  public static final RetryPolicy DEFAULT = new RetryPolicy(2, 1);
}
