package dev.weir.dataplane.exchange;

import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.telemetry.RequestSample;
import org.jspecify.annotations.Nullable;

/** What is counted of an exchange, gathered while it happens. Owned by its event loop. */
final class ExchangeRecord implements RequestSample {
  /** nginx's status for a client that left. */
  private static final int CLIENT_GONE = 499;

  private RouteOrigin origin;
  private String hostPattern;
  private final @Nullable RequestHead head;
  private final long startedAt = System.nanoTime();
  private int status;
  private long connectAt;
  private long connectNanos = NONE;
  private long headerNanos = NONE;
  private long responseNanos = NONE;
  private long requestNanos;
  private long requestBytes;
  private long replyBytes;

  /**
   * Begins.
   *
   * @param hostPattern of the virtual host, empty for none
   * @param head null for what was no request
   */
  ExchangeRecord(RouteOrigin origin, String hostPattern, @Nullable RequestHead head) {
    this.origin = origin;
    this.hostPattern = hostPattern;
    this.head = head;
  }

  /** The request was routed anew. */
  void onRoute(RouteOrigin newOrigin, String newHostPattern) {
    origin = newOrigin;
    hostPattern = newHostPattern;
  }

  /** An upstream is asked. */
  void onConnect() {
    connectAt = System.nanoTime();
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
    long now = System.nanoTime();
    requestNanos = now - startedAt;
    responseNanos = headerNanos == NONE ? NONE : now - connectAt;
    requestBytes = received;
    replyBytes = sent;
  }

  @Override
  public RouteOrigin origin() {
    return origin;
  }

  @Override
  public String method() {
    return head == null ? "" : head.method();
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
    return head == null ? "" : head.host();
  }

  @Override
  public long requestNanos() {
    return requestNanos;
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
    return responseNanos;
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
