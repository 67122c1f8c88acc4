/**
 * Tests that need a network of their own: addresses of pods and Services, the ports 80 and 443, and
 * a real API server. They run where there is root and iproute2, in a network namespace that they
 * make and remove; the scenarios themselves run in a JVM inside of it.
 *
 * <p>Thread rule: one scenario at a time, on its JVM's main thread.
 */
@NullMarked
package dev.weir.e2e.space;

import org.jspecify.annotations.NullMarked;
