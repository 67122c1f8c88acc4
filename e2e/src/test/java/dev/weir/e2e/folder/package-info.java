/**
 * The program on a folder of manifests: which request goes where, and what an edit changes.
 *
 * <p>Thread rule: tests run one after another.
 */
@NullMarked
package dev.weir.e2e.folder;

import org.jspecify.annotations.NullMarked;
