/**
 * PEM in; an immutable certificate table, TLS policies and their {@code SslContext}s out.
 *
 * <p>Thread rule: everything handed out is immutable and may be read from any thread.
 */
@NullMarked
package dev.weir.tls;

import org.jspecify.annotations.NullMarked;
