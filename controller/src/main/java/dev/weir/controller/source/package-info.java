/**
 * Where objects come from: the watches of an API server, or a folder of manifests.
 *
 * <p>Thread rule: a source works on threads of its own and calls its {@link
 * dev.weir.controller.source.SourceListener} from them; it never touches the cluster state.
 */
@NullMarked
package dev.weir.controller.source;

import org.jspecify.annotations.NullMarked;
