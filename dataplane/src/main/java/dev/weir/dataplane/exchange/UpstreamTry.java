package dev.weir.dataplane.exchange;

/**
 * What the access log says of one try of a request. Times are nanoseconds, {@link
 * dev.weir.dataplane.telemetry.RequestSample#NONE} for what did not happen.
 *
 * @param address of the endpoint
 * @param status of the reply, or what its absence comes to
 * @param bytes of body received
 */
record UpstreamTry(
    String address, int status, long bytes, long connectNanos, long headerNanos, long nanos) {}
