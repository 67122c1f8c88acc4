/**
 * Typed values of settings and their parsers.
 *
 * <p>Thread rule: everything is immutable and may be used by any thread.
 */
@NullMarked
package dev.weir.annotations.value;

import org.jspecify.annotations.NullMarked;
