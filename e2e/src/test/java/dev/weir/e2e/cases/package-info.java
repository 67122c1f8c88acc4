/**
 * Black-box cases as data: each is a mapping in a file of {@code resources/cases}; see the README
 * there. One runner sets the stage, sends the requests and compares.
 *
 * <p>Thread rule: cases run one after another; backends and parallel requests have threads of their
 * own.
 */
@NullMarked
package dev.weir.e2e.cases;

import org.jspecify.annotations.NullMarked;
