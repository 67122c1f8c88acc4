package dev.weir.dataplane.model;

import java.time.Duration;

/**
 * Settings of the whole proxy that take effect without a restart (the ConfigMap's).
 *
 * @param keepAlive how long an idle client connection stays open ({@code keep-alive})
 * @param keepAliveRequests requests a client connection may carry, 0 for no limit ({@code
 *     keep-alive-requests})
 * @param clientHeader how long a client may take to send a whole head ({@code
 *     client-header-timeout})
 * @param clientBody between two reads of a request body ({@code client-body-timeout})
 * @param upstream idle connections to endpoints, for each endpoint and event loop ({@code
 *     upstream-keepalive-*})
 * @param forwarded who is believed about clients
 */
public record ProxySettings(
    Duration keepAlive,
    int keepAliveRequests,
    Duration clientHeader,
    Duration clientBody,
    Keepalive upstream,
    ForwardedTrust forwarded) {

  /** Idle connections to endpoints. */
  public record Keepalive(int connections, Duration timeout, int requests) {}

  /** Before any ConfigMap is read. */
  public static final ProxySettings DEFAULT =
      new ProxySettings(
          Duration.ofSeconds(75),
          10_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          new Keepalive(320, Duration.ofSeconds(60), 10_000),
          ForwardedTrust.DEFAULT);
}
