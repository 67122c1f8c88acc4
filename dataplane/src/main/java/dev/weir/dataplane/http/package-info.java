/**
 * Our view of an HTTP message: heads, fields, edits, strict validation; the same for HTTP/1.1,
 * HTTP/2 and HTTP/3.
 *
 * <p>Thread rule: a head belongs to the event loop of its exchange; constants and pure functions
 * may be used anywhere.
 */
@NullMarked
package dev.weir.dataplane.http;

import org.jspecify.annotations.NullMarked;
