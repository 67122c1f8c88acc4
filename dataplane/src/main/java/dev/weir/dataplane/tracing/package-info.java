/**
 * Sends spans of requests to a collector by OTLP, with OpenTelemetry's exporter.
 *
 * <p>Thread rule: spans are taken on any thread and never wait; all else happens on one thread of
 * this package's own, which there is only once a collector is known. OpenTelemetry's classes are
 * loaded with the first span that is sent.
 */
@NullMarked
package dev.weir.dataplane.tracing;

import org.jspecify.annotations.NullMarked;
