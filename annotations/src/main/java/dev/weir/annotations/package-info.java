/**
 * How a user's setting is declared, the catalogue of all of them, and the tables generated from it.
 *
 * <p>Thread rule: immutable after class initialisation, readable from any thread.
 */
@NullMarked
package dev.weir.annotations;

import org.jspecify.annotations.NullMarked;
