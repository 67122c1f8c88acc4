/**
 * How full the process is, and what it gives up for that: signals, the ladder of measures, caps on
 * connections, the watch over event loops.
 *
 * <p>Thread rule: one thread of its own looks and decides; what it decided, and every count, may be
 * read from any thread without waiting.
 */
@NullMarked
package dev.weir.dataplane.overload;

import org.jspecify.annotations.NullMarked;
