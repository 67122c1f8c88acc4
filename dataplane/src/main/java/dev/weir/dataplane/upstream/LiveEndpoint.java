package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.ProxySettings.Keepalive;
import dev.weir.dataplane.telemetry.EndpointCounters;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of one upstream for as long as it belongs to it. Its identity is its generation:
 * when an address leaves and comes back, or another pod gets it, there is a new object, and pools,
 * which are keyed by the object, have nothing for it.
 *
 * <p>Changed by whoever updates the upstream, read by all event loops.
 */
final class LiveEndpoint {
  /** Closes younger than this are restarts or request limits and not an idle limit. */
  private static final long SHORTEST_LESSON = 250_000_000L;

  private static final long LESSON_HOLDS = 600_000_000_000L;

  /** What makes an endpoint the same one after a change. */
  record Key(String ip, int port, String podUid) {
    static Key of(Endpoint endpoint) {
      return new Key(endpoint.ip(), endpoint.port(), endpoint.podUid());
    }
  }

  private final InetSocketAddress address;
  private final EndpointHealth health = new EndpointHealth();
  private final EndpointCounters counters = new EndpointCounters();
  private final @Nullable Keepalive keepalive;
  private final String text;
  private volatile Endpoint endpoint;
  private volatile boolean retired;
  private volatile long lesson = Long.MAX_VALUE;
  private volatile long lessonAt;

  private LiveEndpoint(
      Endpoint endpoint, InetSocketAddress address, @Nullable Keepalive keepalive) {
    this.keepalive = keepalive;
    this.endpoint = endpoint;
    this.text = endpoint.text();
    this.address = address;
  }

  /**
   * Null if the address is no IP literal or the port is no port: such a one is never connected to.
   *
   * @param keepalive null for the proxy's own settings
   */
  static @Nullable LiveEndpoint of(Endpoint endpoint, @Nullable Keepalive keepalive) {
    byte[] ip = NetUtil.createByteArrayFromIpAddressString(endpoint.ip());
    if (ip == null || endpoint.port() < 1 || endpoint.port() > 65_535) {
      return null;
    }
    try {
      return new LiveEndpoint(
          endpoint,
          new InetSocketAddress(InetAddress.getByAddress(ip), endpoint.port()),
          keepalive);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + ip.length + " bytes", e);
    }
  }

  /** How idle connections to it are kept; null for as the proxy keeps all. */
  @Nullable Keepalive keepalive() {
    return keepalive;
  }

  /** Address and port, which never change. */
  String text() {
    return text;
  }

  InetSocketAddress address() {
    return address;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The same endpoint with another zone or draining mark. */
  void update(Endpoint now) {
    endpoint = now;
  }

  EndpointHealth health() {
    return health;
  }

  /** What is counted of it. */
  EndpointCounters counters() {
    return counters;
  }

  /** Whether it left its upstream: nothing new is sent to it. */
  boolean retired() {
    return retired;
  }

  void retire() {
    retired = true;
  }

  /** It closed a connection that had been idle for so long (hardening.md 5.1, 4). */
  void closedWhileIdle(long idle, long now) {
    if (idle >= SHORTEST_LESSON && (idle < lesson || now - lessonAt > LESSON_HOLDS)) {
      lesson = idle;
      lessonAt = now;
    }
  }

  /** How long an idle connection may be kept, as far as its closes have taught; nanoseconds. */
  long idleLimit(long now) {
    long learned = lesson;
    return learned == Long.MAX_VALUE || now - lessonAt > LESSON_HOLDS
        ? Long.MAX_VALUE
        : learned / 2;
  }

  @Override
  public String toString() {
    return text;
  }
}
