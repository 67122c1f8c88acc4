/** A client that speaks HTTP/2 frame by frame. Thread rule: see the classes. */
@NullMarked
package dev.weir.dataplane.h2;

import org.jspecify.annotations.NullMarked;
