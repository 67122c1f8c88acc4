package dev.weir.dataplane.codec;

import io.netty.channel.EventLoop;

/**
 * What is known of a client's connection.
 *
 * @param loop everything of the connection happens there
 * @param clientAddress the client's IP address as text
 * @param tls whether the client speaks TLS to us
 * @param port the port that the client connected to
 * @param reportedPort the port that upstreams are told
 */
public record Downstream(
    EventLoop loop, String clientAddress, boolean tls, int port, int reportedPort) {
  /** {@code https} or {@code http}. */
  public String scheme() {
    return tls ? "https" : "http";
  }
}
