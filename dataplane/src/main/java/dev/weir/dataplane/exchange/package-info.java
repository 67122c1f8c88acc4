/**
 * One request in flight, from head to access log: its route, its filters, its upstream, its reply.
 *
 * <p>Thread rule: an exchange and all its parts belong to the event loop of the client's
 * connection; {@link dev.weir.dataplane.exchange.RouteTable} and what it holds are immutable and
 * shared.
 */
@NullMarked
package dev.weir.dataplane.exchange;

import org.jspecify.annotations.NullMarked;
