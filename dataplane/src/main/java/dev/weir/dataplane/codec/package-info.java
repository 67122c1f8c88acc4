/**
 * HTTP handlers of both sides: bytes on one side of them, heads and pieces of body on the other.
 *
 * <p>Thread rule: every object belongs to the event loop of its connection, unless it says
 * otherwise.
 */
@NullMarked
package dev.weir.dataplane.codec;

import org.jspecify.annotations.NullMarked;
