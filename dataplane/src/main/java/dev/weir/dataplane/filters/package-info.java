/**
 * One file a filter: what its settings record does to a request. {@link
 * dev.weir.dataplane.filters.FilterCatalog} has one line for each.
 *
 * <p>Thread rule: filters are immutable or keep their state in atomics; one call happens on the
 * exchange's loop.
 */
@NullMarked
package dev.weir.dataplane.filters;

import org.jspecify.annotations.NullMarked;
