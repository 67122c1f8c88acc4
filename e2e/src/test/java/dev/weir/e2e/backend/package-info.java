/**
 * Servers that play the pods: each at an address of its own in 127.0.0.0/8, counting what it gets.
 *
 * <p>Thread rule: a virtual thread for each connection; counts may be read from any thread.
 */
@NullMarked
package dev.weir.e2e.backend;

import org.jspecify.annotations.NullMarked;
