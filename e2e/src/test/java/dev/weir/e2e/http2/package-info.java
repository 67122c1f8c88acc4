/**
 * HTTP/2 as frames: a client that sends exactly what it is told, and tests of the program by it and
 * by clients that others wrote.
 *
 * <p>Thread rule: a connection belongs to one thread at a time.
 */
@NullMarked
package dev.weir.e2e.http2;

import org.jspecify.annotations.NullMarked;
