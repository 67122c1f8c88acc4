/**
 * Requests and replies as they pass through: fields, framing, bodies, connections, faults of
 * clients and of endpoints.
 *
 * <p>Thread rule: tests run one after another; those that need several clients say so.
 */
@NullMarked
package dev.weir.e2e.traffic;

import org.jspecify.annotations.NullMarked;
