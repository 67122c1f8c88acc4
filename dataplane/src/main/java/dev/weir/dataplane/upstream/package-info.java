/**
 * Upstreams alive: endpoints, pickers, pools, DNS, health, sub-requests.
 *
 * <p>Thread rule: pickers are immutable and read from any loop; a pool and its streams belong to
 * one event loop.
 */
@NullMarked
package dev.weir.dataplane.upstream;

import org.jspecify.annotations.NullMarked;
