/**
 * The routing table as plain records: what was asked for, valid, complete, comparable, printable.
 * Data only, no live state.
 *
 * <p>Thread rule: everything here is immutable and may be shared.
 */
@NullMarked
package dev.weir.dataplane.model;

import org.jspecify.annotations.NullMarked;
