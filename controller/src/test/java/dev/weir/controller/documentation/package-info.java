/**
 * What the documentation says of annotations and ConfigMap keys is written from their declarations
 * and the black-box cases, and compared.
 *
 * <p>Thread rule: tests run one after another.
 */
@NullMarked
package dev.weir.controller.documentation;

import org.jspecify.annotations.NullMarked;
