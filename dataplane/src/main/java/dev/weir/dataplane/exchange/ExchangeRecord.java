package dev.weir.dataplane.exchange;

import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.telemetry.RequestSample;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of an exchange, gathered while it happens. Used for one exchange after the other;
 * owned by its event loop.
 */
final class ExchangeRecord implements RequestSample {
  /** nginx's status for a client that left. */
  private static final int CLIENT_GONE = 499;

  private RouteOrigin origin = RouteOrigin.NONE;
  private String hostPattern = "";
  private @Nullable RequestHead head;
  private int status;
  private long startedAt;
  private long connectAt;
  private long connectNanos;
  private long headerNanos;
  private long endedAt;
  private long requestBytes;
  private long replyBytes;

  /**
   * Begins.
   *
   * @param newHostPattern of the virtual host, empty for none
   * @param newHead null for what was no request
   */
  void begin(RouteOrigin newOrigin, String newHostPattern, @Nullable RequestHead newHead) {
    origin = newOrigin;
    hostPattern = newHostPattern;
    head = newHead;
    status = 0;
    startedAt = System.nanoTime();
    connectAt = startedAt;
    connectNanos = NONE;
    headerNanos = NONE;
  }

  /** The request was routed anew. */
  void onRoute(RouteOrigin newOrigin, String newHostPattern) {
    origin = newOrigin;
    hostPattern = newHostPattern;
  }

  /**
   * An upstream is asked.
   *
   * @param now {@link System#nanoTime}
   */
  void onConnect(long now) {
    connectAt = now;
  }

  void onConnected(boolean reused) {
    connectNanos = reused ? 0 : System.nanoTime() - connectAt;
  }

  /** The head of the upstream's reply is there. */
  void onHead() {
    headerNanos = System.nanoTime() - connectAt;
  }

  void onReply(int replyStatus) {
    status = replyStatus;
  }

  void onClientGone() {
    if (status == 0) {
      status = CLIENT_GONE;
    }
  }

  void onEnd(long received, long sent) {
    endedAt = System.nanoTime();
    requestBytes = received;
    replyBytes = sent;
  }

  @Override
  public RouteOrigin origin() {
    return origin;
  }

  @Override
  public String method() {
    var request = head;
    return request == null ? "" : request.method();
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public String hostPattern() {
    return hostPattern;
  }

  @Override
  public String host() {
    var request = head;
    return request == null ? "" : request.host();
  }

  @Override
  public long requestNanos() {
    return endedAt - startedAt;
  }

  @Override
  public long connectNanos() {
    return connectNanos;
  }

  @Override
  public long headerNanos() {
    return headerNanos;
  }

  @Override
  public long responseNanos() {
    return headerNanos == NONE ? NONE : endedAt - connectAt;
  }

  @Override
  public long requestBytes() {
    return requestBytes;
  }

  @Override
  public long replyBytes() {
    return replyBytes;
  }
}
