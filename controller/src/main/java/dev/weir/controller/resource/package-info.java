/**
 * Null-free records for the Kubernetes objects that Weir reads, and {@link
 * dev.weir.controller.resource.ClusterState}, all of them together.
 *
 * <p>Thread rule: records are immutable and may be shared; {@code ClusterState} is changed by the
 * controller thread and may be asked by any.
 */
@NullMarked
package dev.weir.controller.resource;

import org.jspecify.annotations.NullMarked;
