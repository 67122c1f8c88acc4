/**
 * The one controller thread: takes what sources deliver into the cluster state, finds what depends
 * on it, compiles that and no more, and applies the difference to the data plane.
 *
 * <p>Thread rule: everything but the doors of {@link dev.weir.controller.loop.Controller} is owned
 * by the controller thread.
 */
@NullMarked
package dev.weir.controller.loop;

import org.jspecify.annotations.NullMarked;
