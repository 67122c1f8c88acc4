/**
 * The door of the data plane: start, apply a change of the table, drain, stop.
 *
 * <p>Thread rule: may be called from any thread; traffic itself stays on its event loop.
 */
@NullMarked
package dev.weir.dataplane;

import org.jspecify.annotations.NullMarked;
