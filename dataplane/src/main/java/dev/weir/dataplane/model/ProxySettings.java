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
 * @param http2 whether HTTP/2 is spoken with clients
 * @param connectionsPerSource open client connections of one address, 0 for no limit ({@code
 *     max-connections-per-source})
 * @param tracing what traces tell of requests, and whom
 */
public record ProxySettings(
    Duration keepAlive,
    int keepAliveRequests,
    ClientHeader clientHeader,
    Duration clientBody,
    Keepalive upstream,
    ForwardedTrust forwarded,
    AccessLogSettings accessLog,
    TlsSettings tls,
    Http2 http2,
    int connectionsPerSource,
    TracingSettings tracing) {

  private static final int CONNECTIONS_PER_SOURCE = 1_000;

  /** One with the usual TLS and HTTP/2, and without traces. */
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
        TlsSettings.DEFAULT,
        Http2.DEFAULT,
        CONNECTIONS_PER_SOURCE,
        TracingSettings.DEFAULT);
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
        other,
        http2,
        connectionsPerSource,
        tracing);
  }

  /** The same with another choice about HTTP/2. */
  public ProxySettings http2(Http2 other) {
    return new ProxySettings(
        keepAlive,
        keepAliveRequests,
        clientHeader,
        clientBody,
        upstream,
        forwarded,
        accessLog,
        tls,
        other,
        connectionsPerSource,
        tracing);
  }

  /** The same with another number of connections of one source. */
  public ProxySettings connectionsPerSource(int most) {
    return new ProxySettings(
        keepAlive,
        keepAliveRequests,
        clientHeader,
        clientBody,
        upstream,
        forwarded,
        accessLog,
        tls,
        http2,
        most,
        tracing);
  }

  /** The same with other traces. */
  public ProxySettings tracing(TracingSettings other) {
    return new ProxySettings(
        keepAlive,
        keepAliveRequests,
        clientHeader,
        clientBody,
        upstream,
        forwarded,
        accessLog,
        tls,
        http2,
        connectionsPerSource,
        other);
  }

  /**
   * HTTP/2 with clients.
   *
   * @param spoken whether new connections may speak it ({@code use-http2})
   * @param streams requests in flight on a connection ({@code http2-max-concurrent-streams})
   */
  public record Http2(boolean spoken, int streams) {
    /** The usual. */
    public static final Http2 DEFAULT = new Http2(true, 128);
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
