/**
 * HTTP/1 as bytes: what was sent and what came back, readable by a test down to the last byte. Both
 * the clients and the backends of the tests are made of it.
 *
 * <p>Thread rule: a connection belongs to one thread at a time.
 */
@NullMarked
package dev.weir.e2e.wire;

import org.jspecify.annotations.NullMarked;
