/**
 * PEM in; immutable certificate table, TLS policies and their {@code SslContext}s out.
 *
 * <p>Thread rule: everything here is immutable or says otherwise where it stands.
 */
@NullMarked
package dev.weir.tls;

import org.jspecify.annotations.NullMarked;
