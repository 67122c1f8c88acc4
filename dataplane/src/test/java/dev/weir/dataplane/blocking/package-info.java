/**
 * Holds all tests of this module to it that nothing blocks an event loop.
 *
 * <p>Thread rule: blocking calls are noted on whatever loop makes them, JUnit reads them on its own
 * thread.
 */
@NullMarked
package dev.weir.dataplane.blocking;

import org.jspecify.annotations.NullMarked;
