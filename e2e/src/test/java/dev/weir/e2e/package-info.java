/**
 * Black-box tests: they drive the built program over sockets and import none of our classes.
 *
 * <p>Thread rule: tests run one after another; helpers state their own rule where they need one.
 */
@NullMarked
package dev.weir.e2e;

import org.jspecify.annotations.NullMarked;
