/**
 * Null-free records for the Kubernetes objects that Weir reads, and {@link
 * dev.weir.controller.resource.ClusterState}, all of them together.
 *
 * <p>Thread rule: records are immutable and may be shared; {@code ClusterState} belongs to the
 * controller thread.
 */
@NullMarked
package dev.weir.controller.resource;

import org.jspecify.annotations.NullMarked;
