/**
 * The admission webhook: what the API server asks before it stores an Ingress is answered by the
 * same translation that serves, with the candidate added.
 *
 * <p>It opens no file but its certificate, starts no process, asks nobody, writes nothing, and what
 * a Secret holds doesn't get into an answer. Whoever can't be answered well (too early, too much at
 * once, a fault of ours) is allowed to write, with a warning.
 *
 * <p>Thread rule: requests are answered on threads of their own from a view of the cluster that
 * never waits; nothing here is waited for by the controller thread.
 */
@NullMarked
package dev.weir.controller.admission;

import org.jspecify.annotations.NullMarked;
