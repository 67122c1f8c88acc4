package dev.weir.dataplane.model;

import dev.weir.dataplane.http.UnusualFields;
import java.time.Duration;

/**
 * Settings of the whole proxy that take effect without a restart (the ConfigMap's).
 *
 * @param keepAlive how long an idle client connection stays open ({@code keep-alive})
 * @param keepAliveRequests requests a client connection may carry, 0 for no limit ({@code
 *     keep-alive-requests})
 * @param clientHeader what is asked of clients' heads
 * @param clientBody between two reads of a request body ({@code client-body-timeout})
 * @param upstream idle connections to endpoints, for each endpoint and event loop ({@code
 *     upstream-keepalive-*})
 * @param forwarded who is believed about clients
 * @param accessLog what is written of requests
 * @param tls how TLS is spoken with clients
 */
public record ProxySettings(
    Duration keepAlive,
    int keepAliveRequests,
    ClientHeader clientHeader,
    Duration clientBody,
    Keepalive upstream,
    ForwardedTrust forwarded,
    AccessLogSettings accessLog,
    TlsSettings tls) {

  /** One with the usual TLS. */
  public ProxySettings(
      Duration keepAlive,
      int keepAliveRequests,
      ClientHeader clientHeader,
      Duration clientBody,
      Keepalive upstream,
      ForwardedTrust forwarded,
      AccessLogSettings accessLog) {
    this(
        keepAlive,
        keepAliveRequests,
        clientHeader,
        clientBody,
        upstream,
        forwarded,
        accessLog,
        TlsSettings.DEFAULT);
  }

  /** The same with other TLS. */
  public ProxySettings tls(TlsSettings other) {
    return new ProxySettings(
        keepAlive,
        keepAliveRequests,
        clientHeader,
        clientBody,
        upstream,
        forwarded,
        accessLog,
        other);
  }

  /**
   * What is asked of clients' heads.
   *
   * @param timeout how long a client may take to send a whole head ({@code client-header-timeout})
   * @param fields what becomes of fields with unusual names
   * @param requestIds whether a request without {@code X-Request-ID} gets one ({@code
   *     generate-request-id})
   */
  public record ClientHeader(Duration timeout, UnusualFields fields, boolean requestIds) {
    /** The usual. */
    public static final ClientHeader DEFAULT =
        new ClientHeader(Duration.ofSeconds(10), UnusualFields.DEFAULT, true);

    /** As the keys of the ConfigMap have it. */
    public static ClientHeader of(
        Duration timeout, boolean underscores, boolean dropped, boolean requestIds) {
      return new ClientHeader(timeout, new UnusualFields(underscores, dropped), requestIds);
    }
  }

  /**
   * Idle connections to endpoints.
   *
   * @param age how long after its beginning a connection may be used again
   */
  public record Keepalive(int connections, Duration timeout, int requests, Duration age) {
    /** One whose connections may be an hour old. */
    public Keepalive(int connections, Duration timeout, int requests) {
      this(connections, timeout, requests, Duration.ofHours(1));
    }
  }

  /** Before any ConfigMap is read. */
  public static final ProxySettings DEFAULT =
      new ProxySettings(
          Duration.ofSeconds(75),
          10_000,
          ClientHeader.DEFAULT,
          Duration.ofSeconds(60),
          new Keepalive(320, Duration.ofSeconds(60), 10_000),
          ForwardedTrust.DEFAULT,
          AccessLogSettings.DEFAULT);
}
