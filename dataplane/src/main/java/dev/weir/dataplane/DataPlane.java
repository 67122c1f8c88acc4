package dev.weir.dataplane;

import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.exchange.Exchanges;
import dev.weir.dataplane.exchange.RoutePlan;
import dev.weir.dataplane.exchange.RoutePlanner;
import dev.weir.dataplane.exchange.RouteTable;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.SharedState;
import dev.weir.dataplane.listener.BindFailure;
import dev.weir.dataplane.listener.ClientDoor;
import dev.weir.dataplane.listener.Connections;
import dev.weir.dataplane.listener.OpenListener;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.overload.Descriptors;
import dev.weir.dataplane.overload.Overload;
import dev.weir.dataplane.overload.OverloadCounts;
import dev.weir.dataplane.overload.Relief;
import dev.weir.dataplane.router.HostRoutes;
import dev.weir.dataplane.router.Router;
import dev.weir.dataplane.telemetry.AccessLog;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.dataplane.tracing.SpanExport;
import dev.weir.dataplane.upstream.OcspResponders;
import dev.weir.dataplane.upstream.Upstreams;
import dev.weir.tls.CertificateTable;
import dev.weir.tls.ServerCertificate;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reverse proxy. Serves 404 from its start on until a table is applied.
 *
 * <p>A change is made before anything is broken: new routes and certificates are compiled and new
 * upstreams stand ready, then one reference is set, then what nobody uses any more goes. Requests
 * under way keep the table that they began with. No connection closes because of a change.
 *
 * <p>{@link #apply} is for one thread at a time (the controller's); the other methods may be called
 * from any thread but an event loop.
 */
public final class DataPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);
  private static final long SEND_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int DEFAULT_HTTPS_PORT = 443;
  private static final Duration LONGEST_TURN = Duration.ofMillis(500);
  private static final Duration LONGEST_WAY = Duration.ofMillis(5);

  /** So many routes are compiled in half a millisecond or so. */
  private static final int ROUTES_IN_A_ROW = 64;

  /** Tasks that may wait; a client of one more is answered 503 and not kept waiting. */
  private static final int BACKGROUND_QUEUE = 1024;

  private static final TableChange NOTHING =
      new TableChange(
          Map.of(), Set.of(), Map.of(), Set.of(), TableChange.Certificates.NONE, Optional.empty());

  private final Telemetry telemetry;
  private final EventLoopGroup loops;
  private final LoopTurns turns;
  private final Connections connections;
  private final Upstreams upstreams;
  private final DownstreamTls tls;
  private final OpenListener.Services services;
  private final ThreadPoolExecutor background;
  private final AccessLog accessLog;
  private final Overload overload;
  private final SpanExport spans = new SpanExport(System.getenv());
  private final List<OpenListener> listeners = new CopyOnWriteArrayList<>();
  private volatile LiveTable live;
  private volatile int httpsPort = DEFAULT_HTTPS_PORT;

  /** Guarded by this: of the change that is being applied. */
  private int compiledRoutes;

  /** Guarded by this; for printing only. */
  private final Map<UpstreamId, Upstream> upstreamRecords = new HashMap<>();

  /** Guarded by this; for printing only. */
  private final Map<HostPattern, ServerCertificate> certificateRecords = new HashMap<>();

  private DataPlane(DataPlaneConfig config, Transport transport, Telemetry telemetry)
      throws SSLException {
    this.telemetry = telemetry;
    var descriptors =
        new Descriptors(
            config.overload().descriptorLimit(), config.overload().openDescriptors().getAsLong());
    upstreams = upstreams(config, transport, descriptors);
    telemetry.register(upstreams.handshakes());
    if (telemetry.detailed()) {
      telemetry.register(upstreams.details());
    }
    background = background();
    accessLog = new AccessLog(config.accessLog());
    telemetry.register(accessLog);
    telemetry.register(spans);
    var planner =
        new RoutePlanner(
            upstreams,
            new FilterServices(System::nanoTime, background, new SharedState(), spans),
            telemetry);
    var noRoutes = noRoutes(planner);
    tls = new DownstreamTls(() -> live.certificates(), OcspResponders.system(config.dns()));
    var settings = ProxySettings.DEFAULT;
    live =
        new LiveTable(
            new RouteTable(noRoutes, settings, limits(settings, false), 0),
            CertificateTable.empty(),
            tls.prepare(NOTHING, settings, noRoutes));
    loops =
        new MultiThreadIoEventLoopGroup(
            config.eventLoops(),
            new DefaultThreadFactory("weir-loop"),
            transport.ioHandlerFactory());
    turns = new LoopTurns(loops);
    connections = new Connections(loops);
    var counts = new OverloadCounts();
    var looked = config.overload().withTls(this::tlsConnections);
    overload = new Overload(looked, loops, descriptors, counts, relief());
    telemetry.register(overload);
    var handler =
        new Exchanges(
            upstreams,
            planner,
            () -> live.routes(),
            new Exchanges.Entry(
                (session, host) -> live.tls().cover(session.serverName(), host), overload),
            () -> httpsPort,
            telemetry,
            accessLog);
    services =
        new OpenListener.Services(
            loops,
            transport,
            connections,
            () -> live.routes().settings().forwarded(),
            new PressedLimits(() -> live.routes().limits(), overload::measures),
            handler,
            telemetry.connections(),
            () -> live.tls(),
            door(descriptors, counts));
  }

  /**
   * The router from which all others come; lets requests go first between the routes it compiles.
   */
  private Router<RoutePlan> noRoutes(RoutePlanner planner) {
    return Router.empty(
        (host, route, previous) -> {
          if (++compiledRoutes % ROUTES_IN_A_ROW == 0) {
            giveWay();
          }
          return planner.compile(host, route, previous);
        });
  }

  private ClientDoor door(Descriptors descriptors, OverloadCounts counts) {
    return new ClientDoor(
        descriptors,
        () -> live.routes().settings().connectionsPerSource(),
        () -> live.routes().settings().forwarded(),
        counts,
        telemetry.connections());
  }

  private Upstreams upstreams(
      DataPlaneConfig config, Transport transport, Descriptors descriptors) {
    return new Upstreams(
        transport,
        () -> live.routes().settings().upstream(),
        config.limits(),
        config.dns(),
        descriptors);
  }

  /**
   * Starts: opens all listeners, or none.
   *
   * @param telemetry is told what happens
   * @throws BindFailure if an address or port can't be had
   * @throws SSLException if TLS can't be spoken as configured
   */
  public static DataPlane start(DataPlaneConfig config, Telemetry telemetry)
      throws BindFailure, SSLException {
    var plane = new DataPlane(config, usable(config.transport()), telemetry);
    try {
      for (var port : config.listeners()) {
        plane.listeners.add(
            OpenListener.bind(port.listener(), port.reportedPort(), plane.services));
      }
    } catch (BindFailure e) {
      plane.close();
      throw e;
    }
    plane.overload.start();
    for (var open : plane.listeners) {
      if (open.listener().tls()) {
        plane.httpsPort = open.port();
        break;
      }
    }
    return plane;
  }

  /** As {@link #start(DataPlaneConfig, Telemetry)}, with a telemetry of its own. */
  public static DataPlane start(DataPlaneConfig config) throws BindFailure, SSLException {
    return start(config, new Telemetry(TelemetrySettings.DEFAULT, InstantSource.system()));
  }

  private long tlsConnections() {
    return telemetry.connections().handshakes().open() + upstreams.handshakes().open();
  }

  private Relief relief() {
    return new Relief() {
      @Override
      public void endIdle() {
        connections.drainIdle();
      }

      @Override
      public void endConnections() {
        connections.drain();
      }

      @Override
      public void accept(boolean on) {
        listeners.forEach(listener -> listener.accept(on));
      }
    };
  }

  /** Half as many threads as processors: hashing passwords must not starve the loops. */
  private static ThreadPoolExecutor background() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(BACKGROUND_QUEUE),
            // Not Netty's, whose threads count as event loops to what looks for blocking calls.
            Thread.ofPlatform().daemon().name("weir-background-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Transport usable(Transport wanted) {
    if (wanted.available()) {
      return wanted;
    }
    LOG.warn(
        "Transport {} is not available here ({}); using the JDK's selector, which costs more CPU.",
        wanted,
        String.valueOf(wanted.unavailabilityCause()));
    return Transport.NIO;
  }

  /** The ports that the listeners have, in the order of the configuration. */
  public List<Integer> boundPorts() {
    return listeners.stream().map(OpenListener::port).toList();
  }

  /** Version of the table that serves; 0 before the first change. */
  public long version() {
    return live.routes().version();
  }

  /** Runs something on each event loop, and waits until it is done; for tests. */
  void onEachLoop(Runnable task) {
    for (var loop : loops) {
      loop.submit(task).awaitUninterruptibly();
    }
  }

  /** Number of contexts of TLS; for tests. */
  synchronized int tlsContexts() {
    return tls.contexts();
  }

  /** What is told what happens. */
  public Telemetry telemetry() {
    return telemetry;
  }

  /** Says which event loop is stuck, if one is: then traffic should go elsewhere. */
  public Optional<String> stuck() {
    return overload.stuck();
  }

  /** Number of open client connections. */
  public int connections() {
    return connections.open();
  }

  /**
   * Applies a change, whole or not at all.
   *
   * @return the version that serves when this returns
   * @throws RuntimeException if a route can't be compiled; the old table stays
   */
  public synchronized long apply(TableChange change) {
    var before = live;
    var routes = before.routes();
    compiledRoutes = 0;
    var router =
        change.hosts().isEmpty() && change.removedHosts().isEmpty()
            ? routes.router()
            : routes.router().with(change.hosts(), change.removedHosts());
    var certificates = certificates(before.certificates(), change.certificates());
    var settings = change.settings().orElse(routes.settings());
    var limits = limits(settings, routes.limits().draining());
    var terms = terms(change, settings, router);
    accessLog.path(settings.accessLog().path());
    spans.settings(settings.tracing());
    upstreams.apply(change.upstreams(), Set.of());
    var replaced = replaced(routes.router(), change);
    telemetry.tableChanged(replaced, change.hosts().values());
    long version = routes.version() + 1;
    live = new LiveTable(new RouteTable(router, settings, limits, version), certificates, terms);
    upstreams.hostsReplaced(replaced, change.hosts().values());
    boolean lessTls = tls.settle(settings.tls());
    if (lessTls || !change.removedUpstreams().isEmpty()) {
      // A request that found its route in the old table has asked for its upstream by then, a
      // connection for its TLS.
      turns.await(LONGEST_TURN);
      upstreams.apply(Map.of(), change.removedUpstreams());
      tls.retire();
    }
    tls.fetch(change.certificates());
    remember(change);
    return version;
  }

  private LiveTls terms(TableChange change, ProxySettings settings, Router<RoutePlan> router) {
    try {
      return tls.prepare(change, settings, router);
    } catch (SSLException e) {
      throw new IllegalStateException("TLS can't be spoken as " + settings.tls(), e);
    }
  }

  /**
   * Lets traffic go first: waits until every event loop has ended the turn that it is in, for five
   * milliseconds at most. Who computes for long, as when all hosts are compiled again, calls it
   * after each millisecond or so: where processors are few the loops would else wait for whole
   * slices of the scheduler. Returns at once before the first table, when nobody is served yet. Not
   * on an event loop.
   */
  public void giveWay() {
    if (version() > 0) {
      turns.await(LONGEST_WAY);
    }
  }

  private static List<VirtualHost> replaced(Router<RoutePlan> router, TableChange change) {
    return Stream.concat(change.hosts().keySet().stream(), change.removedHosts().stream())
        .distinct()
        .map(router::at)
        .filter(Objects::nonNull)
        .map(HostRoutes::virtualHost)
        .toList();
  }

  private static CertificateTable certificates(
      CertificateTable before, TableChange.Certificates change) {
    if (change.equals(TableChange.Certificates.NONE)) {
      return before;
    }
    var put =
        change.put().entrySet().stream()
            .collect(Collectors.toMap(e -> serverName(e.getKey()), Map.Entry::getValue));
    var removed = change.removed().stream().map(DataPlane::serverName).toList();
    return before.with(put, removed, change.defaultCertificate().orElse(null));
  }

  /** As the table of certificates names it; certificates know wildcards of one label only. */
  static String serverName(HostPattern pattern) {
    return pattern instanceof HostPattern.DeepWildcard(var suffix) ? "*." + suffix : pattern.text();
  }

  private static ServerLimits limits(ProxySettings settings, boolean draining) {
    return new ServerLimits(
        settings.keepAlive().toNanos(),
        settings.keepAliveRequests(),
        settings.clientHeader().timeout().toNanos(),
        settings.clientBody().toNanos(),
        SEND_TIMEOUT_NANOS,
        settings.clientHeader().fields(),
        draining,
        settings.http2().spoken() ? settings.http2().streams() : 0);
  }

  private void remember(TableChange change) {
    change.removedUpstreams().forEach(upstreamRecords::remove);
    upstreamRecords.putAll(change.upstreams());
    change.certificates().removed().forEach(certificateRecords::remove);
    certificateRecords.putAll(change.certificates().put());
  }

  /** The whole table that serves, as records; copies all of it. */
  public synchronized RoutingTable table() {
    var byName = new TreeMap<String, Upstream>();
    upstreamRecords.forEach((id, upstream) -> byName.put(id.toString(), upstream));
    var routes = live.routes();
    return new RoutingTable(
        routes.router().virtualHosts(),
        byName,
        new TreeMap<>(certificateRecords),
        routes.settings());
  }

  /**
   * Begins to end: replies carry {@code Connection: close} from now on and idle connections are
   * closed. New connections are still accepted, because load balancers learn late.
   */
  public synchronized void beginDrain() {
    var now = live;
    var routes = now.routes();
    live =
        new LiveTable(
            new RouteTable(
                routes.router(),
                routes.settings(),
                limits(routes.settings(), true),
                routes.version()),
            now.certificates(),
            now.tls());
    connections.drain();
  }

  /**
   * Stops accepting and waits until every client connection is closed.
   *
   * @return false if {@code limit} passed before
   */
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    closeListeners();
    return connections.awaitNone(limit);
  }

  /** Closes every client connection, whatever is in flight on it. */
  public void endConnections() {
    connections.close();
  }

  private synchronized void closeListeners() {
    listeners.forEach(OpenListener::close);
  }

  /** Closes everything that is still open, upgraded connections too, and ends the threads. */
  @Override
  public void close() {
    overload.close();
    closeListeners();
    connections.close();
    upstreams.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    background.shutdownNow();
    accessLog.close();
    spans.close();
    tls.close();
  }
}
