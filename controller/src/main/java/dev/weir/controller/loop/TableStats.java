package dev.weir.controller.loop;

import dev.weir.controller.resource.Severity;
import java.time.Instant;
import java.util.Map;

/**
 * Figures of the table that serves, for metrics and health; cheap, renewed with every change.
 *
 * @param version of the data plane's table; 0 before the first
 * @param applied when the last change was applied
 * @param lastSucceeded whether the last change could be applied
 * @param failures changes that could not be applied, and compiles that threw
 * @param findings how many of each severity stand
 */
public record TableStats(
    long version,
    Instant applied,
    boolean lastSucceeded,
    long failures,
    Sizes sizes,
    Map<Severity, Integer> findings) {
  /** Before the first table. */
  public static final TableStats NONE =
      new TableStats(0, Instant.EPOCH, true, 0, new Sizes(0, 0, 0, 0), Map.of());

  public TableStats {
    findings = Map.copyOf(findings);
  }

  /** How much the table holds. */
  public record Sizes(int hosts, int routes, int upstreams, int certificates) {}
}
