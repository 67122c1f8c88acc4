/**
 * The program on an API server: what its watches bring, and what happens to traffic when the API
 * server is slow, wrong or gone.
 *
 * <p>Thread rule: tests run one after another.
 */
@NullMarked
package dev.weir.e2e.cluster;

import org.jspecify.annotations.NullMarked;
