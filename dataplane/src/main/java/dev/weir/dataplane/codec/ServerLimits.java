package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.UnusualFields;

/**
 * How long and how often a client's connection may be used; read at every request, so that a change
 * takes effect on open connections. All times in nanoseconds.
 *
 * @param keepAlive idle between two requests
 * @param keepAliveRequests requests a connection may carry, 0 for no limit
 * @param head from the first byte of a head (or the accept) to its last
 * @param body between two reads of a body
 * @param send without the client taking any byte of a reply
 * @param fields what becomes of fields with unusual names
 * @param draining whether every reply ends its connection
 * @param http2Streams requests in flight on a connection that speaks HTTP/2; 0 if it isn't spoken
 */
public record ServerLimits(
    long keepAlive,
    int keepAliveRequests,
    long head,
    long body,
    long send,
    UnusualFields fields,
    boolean draining,
    int http2Streams) {
  /** As many streams as RFC 9113 6.5.2 recommends at least, and a few more. */
  public static final int USUAL_STREAMS = 128;

  /** With the usual number of streams. */
  public ServerLimits(
      long keepAlive,
      int keepAliveRequests,
      long head,
      long body,
      long send,
      UnusualFields fields,
      boolean draining) {
    this(keepAlive, keepAliveRequests, head, body, send, fields, draining, USUAL_STREAMS);
  }

  /**
   * The same, none longer than these.
   *
   * @param idle the longest silence before and inside of a head
   * @param transfer the longest silence inside of a body or reply
   * @param ending whether every reply ends its connection, if it doesn't anyhow
   */
  public ServerLimits within(long idle, long transfer, boolean ending) {
    return new ServerLimits(
        Math.min(keepAlive, idle),
        keepAliveRequests,
        Math.min(head, idle),
        Math.min(body, transfer),
        Math.min(send, transfer),
        fields,
        draining || ending,
        http2Streams);
  }
}
