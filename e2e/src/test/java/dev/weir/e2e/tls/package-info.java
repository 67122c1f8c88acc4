/**
 * Certificates and HTTPS: which certificate is shown, how it changes, and what leads to HTTPS.
 *
 * <p>Thread rule: tests run one after another.
 */
@NullMarked
package dev.weir.e2e.tls;

import org.jspecify.annotations.NullMarked;
