/**
 * Faults under load, one test each, listed with their figures in {@code e2e/faults.tsv}: what is
 * counted is how many requests failed and how often the fault was there.
 *
 * <p>Thread rule: tests run on JUnit's thread; pods and clients on virtual threads of their own,
 * whose counts may be read from any thread.
 */
@NullMarked
package dev.weir.e2e.fault;

import org.jspecify.annotations.NullMarked;
