/**
 * Frames of HTTP/2 byte by byte, as a client writes and reads them that may do anything: right
 * ones, wrong ones, and the files that say what must become of them.
 *
 * <p>Thread rule: everything belongs to one thread at a time; frames are immutable.
 */
@NullMarked
package dev.weir.testsupport.http2;

import org.jspecify.annotations.NullMarked;
