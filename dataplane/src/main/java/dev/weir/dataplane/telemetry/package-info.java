/**
 * Counters and histograms of what the proxy does, and the text that Prometheus scrapes; below
 * everything that reports.
 *
 * <p>Thread rule: recording is safe on every thread, never blocks and allocates nothing for a
 * series that exists; reading may run beside it and sees each number somewhere between two
 * requests.
 */
@NullMarked
package dev.weir.dataplane.telemetry;

import org.jspecify.annotations.NullMarked;
