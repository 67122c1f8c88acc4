/**
 * Compiles rules into per-host tables and finds the route of a request.
 *
 * <p>Thread rule: everything here is immutable and may be shared; a changed table is a new object.
 */
@NullMarked
package dev.weir.dataplane.router;

import org.jspecify.annotations.NullMarked;
