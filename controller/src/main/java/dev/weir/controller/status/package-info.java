/**
 * What Weir writes into the cluster: the Lease of the leader, the status of Ingresses, and Events.
 * The door is {@link dev.weir.controller.status.Reporter}.
 *
 * <p>Never on the traffic path: whatever becomes of a write, or of the Lease, tables are compiled
 * and requests served as before.
 *
 * <p>Thread rule: the controller thread tells what there is to say and never waits; the Lease, the
 * status and the Events have a virtual thread each, which does.
 */
@NullMarked
package dev.weir.controller.status;

import org.jspecify.annotations.NullMarked;
