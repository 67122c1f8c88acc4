/**
 * Tests of what is given up under pressure.
 *
 * <p>Thread rule: each test has its own threads.
 */
@NullMarked
package dev.weir.dataplane.overload;

import org.jspecify.annotations.NullMarked;
