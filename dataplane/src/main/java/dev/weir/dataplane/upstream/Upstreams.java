package dev.weir.dataplane.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Origin;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.overload.Descriptors;
import dev.weir.dataplane.telemetry.MetricSource;
import dev.weir.dataplane.telemetry.TlsHandshakes;
import dev.weir.tls.ClientTlsPolicy;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All upstreams alive and the connections to them: the door of this package.
 *
 * <p>{@link #apply} and {@link #close} belong to the controller thread; {@link #acquire} is called
 * on the request's event loop, {@link #hasEndpoints} anywhere.
 */
public final class Upstreams implements StreamSource, AutoCloseable {
  /** Settings that take a host out of the request could name any number. */
  private static final int MOST_ORIGINS = 1000;

  private static final Pending NOTHING_PENDING = () -> {};

  private final Transport transport;
  private final Supplier<ProxySettings.Keepalive> keepalive;
  private final ServiceLimits limits;
  private final Descriptors descriptors;
  private final DnsNames names;
  private final Map<UpstreamId, LiveUpstream> upstreams = new ConcurrentHashMap<>();
  private final Map<EventLoop, LoopPool> pools = new ConcurrentHashMap<>();
  private final UpstreamTlsUse tls = new UpstreamTlsUse();
  private final TlsHandshakes handshakes = TlsHandshakes.ofUpstreams();
  private final Cache<Origin, UpstreamId> origins =
      Caffeine.newBuilder()
          .maximumSize(MOST_ORIGINS)
          .expireAfterAccess(Duration.ofMinutes(10))
          .executor(Runnable::run)
          .removalListener(
              (@Nullable Origin origin, @Nullable UpstreamId id, RemovalCause cause) -> remove(id))
          .build();

  /**
   * Without upstreams yet.
   *
   * @param transport the one that the event loops were made with
   * @param keepalive asked whenever a connection becomes idle, on its event loop
   * @param limits what each upstream may take
   * @param dns how names of ExternalName Services are resolved
   */
  public Upstreams(
      Transport transport,
      Supplier<ProxySettings.Keepalive> keepalive,
      ServiceLimits limits,
      DnsSettings dns) {
    this(transport, keepalive, limits, dns, Descriptors.unlimited());
  }

  /**
   * The same.
   *
   * @param descriptors what upstreams share with clients
   */
  public Upstreams(
      Transport transport,
      Supplier<ProxySettings.Keepalive> keepalive,
      ServiceLimits limits,
      DnsSettings dns,
      Descriptors descriptors) {
    this.descriptors = descriptors;
    this.limits = limits;
    this.transport = transport;
    this.keepalive = keepalive;
    this.names = new DnsNames(dns);
  }

  /**
   * Makes, changes and removes upstreams. What an upstream keeps over a change: round-robin
   * position, connections and back-off of endpoints that stay. When this returns, nothing new is
   * sent to an endpoint that left; its idle connections close, requests under way end by
   * themselves.
   */
  public void apply(Map<UpstreamId, Upstream> put, Set<UpstreamId> removed) {
    put.forEach((id, upstream) -> put(id, upstream.target()));
    removed.forEach(this::remove);
  }

  private void remove(@Nullable UpstreamId id) {
    var gone = id == null ? null : upstreams.remove(id);
    if (gone != null) {
      gone.end(this::retire);
      var own = gone.tls();
      if (own != null) {
        own.retire();
      }
    }
  }

  /**
   * Virtual hosts were replaced: what is spoken under a policy that none of them has any more goes,
   * with the idle connections; requests under way end by themselves.
   */
  public void hostsReplaced(Collection<VirtualHost> gone, Collection<VirtualHost> now) {
    for (var unused : tls.replaced(gone, now)) {
      unused.retire();
      pools.forEach((loop, pool) -> onLoop(loop, () -> pool.retire(unused)));
    }
  }

  @Override
  public UpstreamTls tls(ClientTlsPolicy policy) {
    return tls.of(policy);
  }

  private void put(UpstreamId id, Upstream.Target target) {
    var live = upstreams.get(id);
    boolean isNew = live == null;
    if (live == null) {
      live = new LiveUpstream(id, new ServiceLoad(limits, descriptors));
    }
    switch (target) {
      case Upstream.Target.Endpoints fixed -> live.replace(fixed.endpoints(), this::retire);
      case Upstream.Target.DnsName name -> {
        if (!live.watches(name)) {
          names.follow(name, live, this::retire);
        }
      }
    }
    if (isNew) {
      upstreams.put(id, live);
    }
  }

  @Override
  public Pending acquire(StreamRequest request, Callback callback) {
    return acquire(
        request.upstream(),
        request.tls(),
        request.loop(),
        request.timeouts(),
        request.tried(),
        request.reuse(),
        callback);
  }

  @Override
  public Pending acquire(
      UpstreamId id,
      @Nullable UpstreamTls wanted,
      EventLoop loop,
      Timeouts timeouts,
      Set<Endpoint> tried,
      StreamRequest.Reuse reuse,
      Callback callback) {
    assert loop.inEventLoop();
    var upstream = upstreams.get(id);
    if (upstream == null) {
      callback.onNoStream(
          new UpstreamFailure(UpstreamFailure.Kind.NO_ENDPOINT, id + " is not known"), null);
      return NOTHING_PENDING;
    }
    var secured = wanted == null ? upstream.tls() : wanted;
    var pool = pool(loop);
    boolean counted = upstream.known().isDone() && upstream.load().tryRequest();
    LiveEndpoint endpoint = null;
    if (counted) {
      // The usual case leaves nothing behind: an idle connection to the endpoint whose turn it is.
      long now = System.nanoTime();
      endpoint = upstream.pick(tried, now);
      var pooled = endpoint == null ? null : pool.take(endpoint, secured, reuse, now);
      if (pooled != null) {
        Acquisition.handOut(pooled, pool, timeouts, callback, now);
        return NOTHING_PENDING;
      }
    }
    var request = new StreamRequest(id, secured, loop, timeouts, tried, reuse);
    var acquisition = new Acquisition(upstream, pool, request, callback);
    if (counted) {
      acquisition.start(endpoint);
    } else {
      acquisition.start();
    }
    return acquisition;
  }

  /** Also true for a name that is being resolved for the first time. */
  @Override
  public boolean hasEndpoints(UpstreamId id) {
    var upstream = upstreams.get(id);
    return upstream != null && (!upstream.picker().isEmpty() || !upstream.known().isDone());
  }

  @Override
  public boolean hasOther(UpstreamId id, Endpoint failed, Set<Endpoint> tried) {
    var upstream = upstreams.get(id);
    return upstream != null && upstream.picker().hasOther(failed, tried);
  }

  @Override
  public UpstreamId origin(Origin origin) {
    return origins.get(origin, this::makeOrigin);
  }

  private UpstreamId makeOrigin(Origin origin) {
    var keepalive = origin.keepalive();
    var id = new UpstreamId("", origin.text(), keepalive == null ? "" : keepalive.toString());
    var load = new ServiceLoad(limits, descriptors);
    var live = new LiveUpstream(id, load, keepalive, origin.tls() ? unverified(origin) : null);
    names.follow(new Upstream.Target.DnsName(origin.host(), origin.port()), live, this::retire);
    upstreams.put(id, live);
    return id;
  }

  /** An origin's certificate isn't verified, as ingress-nginx's isn't; its name is sent. */
  private static UpstreamTls unverified(Origin origin) {
    var usual = ClientTlsPolicy.UNVERIFIED;
    return new UpstreamTls(
        new ClientTlsPolicy(usual.protocols(), usual.ciphers(), origin.host(), null, null));
  }

  /**
   * What is counted of upstreams and their endpoints: as many series as the cluster has of them.
   */
  public MetricSource details() {
    return new UpstreamMetrics(upstreams);
  }

  /** TLS handshakes with endpoints. */
  public TlsHandshakes handshakes() {
    return handshakes;
  }

  /** Number of idle connections of a loop; on that loop. */
  int idle(EventLoop loop) {
    return pool(loop).idleCount();
  }

  private LoopPool pool(EventLoop loop) {
    var pool = pools.get(loop);
    return pool != null
        ? pool
        : pools.computeIfAbsent(loop, l -> new LoopPool(l, transport, keepalive, handshakes));
  }

  private void retire(LiveEndpoint endpoint) {
    pools.forEach((loop, pool) -> onLoop(loop, () -> pool.retire(endpoint)));
  }

  /** Ends name resolution and closes idle connections; those in use close after their reply. */
  @Override
  public void close() {
    names.close();
    tls.close();
    origins.invalidateAll();
    pools.forEach((loop, pool) -> onLoop(loop, pool::close));
  }

  private static void onLoop(EventLoop loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has ended, and its connections with it.
      return;
    }
  }
}
