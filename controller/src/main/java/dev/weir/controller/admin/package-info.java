/**
 * What an operator can ask the running program: health, readiness, metrics, {@code /debug/routes};
 * and what it says by itself, the findings in its log.
 *
 * <p>Thread rule: requests are answered on threads of their own from immutable snapshots; nothing
 * here waits for the controller thread or an event loop, and they never wait for this.
 */
@NullMarked
package dev.weir.controller.admin;

import org.jspecify.annotations.NullMarked;
