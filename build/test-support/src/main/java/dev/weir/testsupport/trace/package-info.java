/**
 * A collector of traces.
 *
 * <p>Thread rule: it has a thread of its own; its methods may be called by any other.
 */
@NullMarked
package dev.weir.testsupport.trace;

import org.jspecify.annotations.NullMarked;
