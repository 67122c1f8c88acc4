/**
 * Benchmarks: measurements of the built program, never tests. Each writes its part of {@code
 * e2e/bench/RESULTS.md} itself.
 */
@NullMarked
package dev.weir.e2e.bench;

import org.jspecify.annotations.NullMarked;
