/**
 * What Prometheus, dashboards and tools that watch a roll-out find on {@code /metrics}.
 *
 * <p>Thread rule: tests run one after another.
 */
@NullMarked
package dev.weir.e2e.metrics;

import org.jspecify.annotations.NullMarked;
