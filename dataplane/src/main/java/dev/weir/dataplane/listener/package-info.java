/**
 * Sockets that accept clients; puts the downstream pipeline together, top to bottom, in {@link
 * dev.weir.dataplane.listener.ClientPipeline}.
 *
 * <p>Thread rule: a pipeline belongs to its connection's event loop; everything else says so where
 * it stands.
 */
@NullMarked
package dev.weir.dataplane.listener;

import org.jspecify.annotations.NullMarked;
