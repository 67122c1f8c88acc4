package dev.weir.dataplane.exchange;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.telemetry.RequestSample;
import org.jspecify.annotations.Nullable;

/**
 * What the access log says of one try of a request. Times are nanoseconds, {@link
 * RequestSample#NONE} for what did not happen. Owned by the exchange's event loop.
 */
final class UpstreamTry {
  private @Nullable Endpoint endpoint;
  private int status;
  private long bytes;
  private long begunAt;
  private long connectNanos;
  private long headerNanos;
  private long nanos;

  /** Nothing happened yet. */
  void begin(long now) {
    endpoint = null;
    status = 0;
    bytes = 0;
    begunAt = now;
    connectNanos = RequestSample.NONE;
    headerNanos = RequestSample.NONE;
    nanos = 0;
  }

  void connected(Endpoint to, long took) {
    endpoint = to;
    connectNanos = took;
  }

  void head(int upstreamStatus, long now) {
    status = upstreamStatus;
    headerNanos = now - begunAt;
  }

  void body(int more) {
    bytes += more;
  }

  /** Over, without a reply that the client gets. */
  void failed(Endpoint at, int resultStatus, long now) {
    endpoint = at;
    status = status == 0 ? resultStatus : status;
    end(now);
  }

  void end(long now) {
    nanos = now - begunAt;
  }

  /** {@link System#nanoTime} when it began. */
  long begunAt() {
    return begunAt;
  }

  /** Null while none was asked: then it is no try. */
  @Nullable Endpoint endpoint() {
    return endpoint;
  }

  /** Of the reply, or what its absence comes to; 0 if neither is there. */
  int status() {
    return status;
  }

  /** Of body received. */
  long bytes() {
    return bytes;
  }

  long connectNanos() {
    return connectNanos;
  }

  long headerNanos() {
    return headerNanos;
  }

  long nanos() {
    return nanos;
  }
}
