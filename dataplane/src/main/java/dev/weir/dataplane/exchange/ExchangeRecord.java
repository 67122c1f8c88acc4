package dev.weir.dataplane.exchange;

import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.RouteOrigin;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange leaves behind for metrics and log, gathered while it happens. Owned by its event
 * loop.
 */
final class ExchangeRecord {
  /** nginx's status for a client that left. */
  static final int CLIENT_GONE = 499;

  private final RouteOrigin origin;
  private final String host;
  private final @Nullable RequestHead head;
  private final long startedAt = System.nanoTime();
  private @Nullable Endpoint endpoint;
  private int status;
  private int retries;
  private long connectedAt;
  private long headAt;
  private long replyBodyBytes;

  /**
   * Begins.
   *
   * @param host the virtual host's pattern, empty for none
   * @param head null for what was no request
   */
  ExchangeRecord(RouteOrigin origin, String host, @Nullable RequestHead head) {
    this.origin = origin;
    this.host = host;
    this.head = head;
  }

  void onConnected(Endpoint to) {
    endpoint = to;
    connectedAt = System.nanoTime();
  }

  void onHead() {
    headAt = System.nanoTime();
  }

  void onReply(int replyStatus) {
    status = replyStatus;
  }

  void onClientGone() {
    if (status == 0) {
      status = CLIENT_GONE;
    }
  }

  void onRetry() {
    retries++;
  }

  void onReplyBody(int bytes) {
    replyBodyBytes += bytes;
  }

  RouteOrigin origin() {
    return origin;
  }

  String host() {
    return host;
  }

  String method() {
    return head == null ? "" : head.method();
  }

  @Nullable Endpoint endpoint() {
    return endpoint;
  }

  int status() {
    return status;
  }

  int retries() {
    return retries;
  }

  long startedAt() {
    return startedAt;
  }

  /** When the last try had a connection; 0 for never. */
  long connectedAt() {
    return connectedAt;
  }

  /** When the reply's head came from upstream; 0 for never. */
  long headAt() {
    return headAt;
  }

  long replyBodyBytes() {
    return replyBodyBytes;
  }
}
