/**
 * What is thrown at the readers of bytes, and what must hold for every input: targets for Jazzer,
 * each with an independent, slow reading of the same bytes to compare with. {@link
 * dev.weir.dataplane.fuzz.FuzzTest} replays the kept inputs and lets Jazzer look for more for some
 * seconds; {@code e2e/fuzz/run} does so for minutes. A target is a class with {@code
 * fuzzerTestOneInput}; it throws {@link AssertionError} for a finding. Single-threaded.
 */
@NullMarked
package dev.weir.dataplane.fuzz;

import org.jspecify.annotations.NullMarked;
