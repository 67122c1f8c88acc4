/**
 * The contract of a filter and of the services it may call.
 *
 * <p>Thread rule: a filter instance is shared by all loops and immutable; one call happens on the
 * exchange's loop.
 */
@NullMarked
package dev.weir.dataplane.filter;

import org.jspecify.annotations.NullMarked;
