/**
 * What users may set, one file a feature. A new feature is one class here and one line in {@link
 * dev.weir.annotations.AnnotationCatalog}.
 *
 * <p>Thread rule: features are immutable and may be used by any thread.
 */
@NullMarked
package dev.weir.annotations.feature;

import org.jspecify.annotations.NullMarked;
