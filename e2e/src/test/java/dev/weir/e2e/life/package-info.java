/**
 * The program as an operator meets it: how it starts, what it says of itself, how it ends.
 *
 * <p>Thread rule: tests run one after another.
 */
@NullMarked
package dev.weir.e2e.life;

import org.jspecify.annotations.NullMarked;
