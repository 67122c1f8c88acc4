/**
 * Commands and flags: what a user can type, and nothing else.
 *
 * <p>Thread rule: runs on the main thread.
 */
@NullMarked
package dev.weir.controller.cli;

import org.jspecify.annotations.NullMarked;
