package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.AccessLogSettings;
import dev.weir.dataplane.model.BodyLimit;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.TracingSettings;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.overload.OverloadConfig;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.dataplane.upstream.DnsSettings;
import dev.weir.testsupport.trace.TraceCollector;
import dev.weir.tls.SelfSignedCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A data plane on ephemeral ports of 127.0.0.1: the first plain, the second TLS. */
final class TestPlane implements AutoCloseable {
  static final String HOST = "shop.example.com";
  private static final TelemetrySettings SETTINGS =
      new TelemetrySettings(
          new TelemetrySettings.Identity("ns", "class", "pod"),
          true,
          TelemetrySettings.Hosts.DEFINED,
          false,
          TelemetrySettings.Buckets.DEFAULT,
          Set.of());
  private static final List<FilterSettings> DEFAULT_FILTERS = List.of(new BodyLimit(1 << 20));

  private final Telemetry telemetry = new Telemetry(SETTINGS, Clock.systemUTC());
  private final DataPlane plane;
  private final List<Route> routes = new ArrayList<>();

  TestPlane() throws Exception {
    this(new Listener("127.0.0.1", 0, false), new Listener("127.0.0.1", 0, true));
  }

  TestPlane(Listener... listeners) throws Exception {
    this(carefree(DataPlaneConfig.of(List.of(listeners))));
  }

  /**
   * Doesn't look at the load: on a machine that is busy with other things loops let tasks wait, and
   * requests would be shed, which is no matter of most tests.
   */
  private static DataPlaneConfig carefree(DataPlaneConfig usual) {
    var look = usual.overload();
    return new DataPlaneConfig(
        usual.listeners(),
        usual.transport(),
        usual.eventLoops(),
        usual.limits(),
        usual.accessLog(),
        usual.dns(),
        new OverloadConfig(
            Duration.ofDays(1),
            look.heap(),
            look.directMemory(),
            look.descriptorLimit(),
            look.openDescriptors(),
            look.throttled()));
  }

  private TestPlane(DataPlaneConfig config) throws Exception {
    plane = DataPlane.start(config, telemetry);
    plane.apply(
        change(
            Map.of(),
            Map.of(),
            new TableChange.Certificates(
                Map.of(),
                Set.of(),
                Optional.of(SelfSignedCertificate.forDefault(Clock.systemUTC()))),
            Optional.empty()));
  }

  /** A plane whose traffic is all on one thread. */
  static TestPlane withOneLoop(Listener... listeners) throws Exception {
    var usual = carefree(DataPlaneConfig.of(List.of(listeners)));
    return new TestPlane(
        new DataPlaneConfig(
            usual.listeners(),
            usual.transport(),
            1,
            usual.limits(),
            usual.accessLog(),
            usual.dns(),
            usual.overload()));
  }

  /** A plane whose access log goes there, all of its traffic on one thread. */
  static TestPlane loggingTo(OutputStream log) throws Exception {
    var usual =
        carefree(
            DataPlaneConfig.of(
                List.of(new Listener("127.0.0.1", 0, false), new Listener("127.0.0.1", 0, true))));
    return new TestPlane(
        new DataPlaneConfig(
            usual.listeners(),
            usual.transport(),
            1,
            usual.limits(),
            log,
            usual.dns(),
            usual.overload()));
  }

  /** A plane whose origins named by URL may be on this machine. */
  static TestPlane withLocalOrigins() throws Exception {
    var usual = DataPlaneConfig.of(List.of(new Listener("127.0.0.1", 0, false)));
    return new TestPlane(
        new DataPlaneConfig(
            usual.listeners(),
            usual.transport(),
            usual.eventLoops(),
            usual.limits(),
            usual.accessLog(),
            DnsSettings.system(true),
            usual.overload()));
  }

  /** A plane of one loop that looks at the load in this way. */
  static TestPlane pressed(OverloadConfig overload) throws Exception {
    var usual = DataPlaneConfig.of(List.of(new Listener("127.0.0.1", 0, false)));
    return new TestPlane(
        new DataPlaneConfig(
            usual.listeners(),
            usual.transport(),
            1,
            usual.limits(),
            usual.accessLog(),
            usual.dns(),
            overload));
  }

  /** Waits until so much is given up for a signal. */
  void awaitLevel(String signal, int level) {
    var line = "weir_overload_level{signal=\"" + signal + "\"} " + level + "\n";
    await().until(() -> telemetry.text().contains(line));
  }

  /** Has turns of the loops take 150 ms until the end. */
  void keepLoopsBusy(CountDownLatch end) {
    while (end.getCount() > 0) {
      plane.onEachLoop(
          () -> {
            long until = System.nanoTime() + 150_000_000L;
            while (System.nanoTime() - until < 0) {
              // Nothing that counts as waiting.
            }
          });
    }
  }

  /** The usual settings with another access log. */
  static ProxySettings settingsWith(AccessLogSettings log) {
    var usual = ProxySettings.DEFAULT;
    return new ProxySettings(
        usual.keepAlive(),
        usual.keepAliveRequests(),
        usual.clientHeader(),
        usual.clientBody(),
        usual.upstream(),
        usual.forwarded(),
        log);
  }

  /** The usual settings, with spans sent to a collector. */
  static ProxySettings exportingTo(
      TraceCollector collector, TraceCollector.Protocol protocol, int queue, int batch) {
    return ProxySettings.DEFAULT.tracing(
        new TracingSettings(
            new TracingSettings.Collector(
                "127.0.0.1",
                collector.address().getPort(),
                TracingSettings.Protocol.valueOf(protocol.name())),
            "shop",
            TracingSettings.DEFAULT.sampling(),
            new TracingSettings.Batches(queue, Duration.ofMillis(20), batch)));
  }

  /** Waits until that became of so many spans: sent, failed or dropped. */
  void awaitSpans(String result, int count) {
    var line = "weir_trace_spans_total{result=\"" + result + "\"} " + count + "\n";
    await().untilAsserted(() -> assertThat(telemetry.text()).contains(line));
  }

  /** A plane that forwards everything of {@link #HOST} to these backends. */
  static TestPlane forwardingTo(RawBackend... backends) throws Exception {
    var plane = new TestPlane();
    plane.forwardTo(backends);
    return plane;
  }

  /** Forwards everything of {@link #HOST} to these backends. */
  void forwardTo(RawBackend... backends) {
    endpoints("web", List.of(backends).stream().map(RawBackend::endpoint).toList());
    route(new PathMatch.Prefix("/"), "web");
  }

  private static TableChange change(
      Map<HostPattern, VirtualHost> hosts,
      Map<UpstreamId, Upstream> upstreams,
      TableChange.Certificates certificates,
      Optional<ProxySettings> settings) {
    return new TableChange(hosts, Set.of(), upstreams, Set.of(), certificates, settings);
  }

  static UpstreamId id(String service) {
    return new UpstreamId("default", service, "80");
  }

  DataPlane plane() {
    return plane;
  }

  Telemetry telemetry() {
    return telemetry;
  }

  /** The most that any client had it hold, {@code first} or {@code later}. */
  long held(String reply) {
    var prefix = "weir_client_connection_held_bytes_max{reply=\"" + reply + "\"} ";
    return telemetry
        .text()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToLong(line -> Long.parseLong(line.substring(prefix.length())))
        .findFirst()
        .orElseThrow();
  }

  void endpoints(String service, List<Endpoint> endpoints) {
    var upstream =
        new Upstream(
            id(service),
            new Upstream.Target.Endpoints(endpoints),
            Upstream.LoadBalancing.ROUND_ROBIN);
    plane.apply(
        change(
            Map.of(),
            Map.of(id(service), upstream),
            TableChange.Certificates.NONE,
            Optional.empty()));
  }

  void settings(ProxySettings settings) {
    plane.apply(change(Map.of(), Map.of(), TableChange.Certificates.NONE, Optional.of(settings)));
  }

  void route(PathMatch match, String service) {
    route(match, new RouteAction.Forward(id(service)), DEFAULT_FILTERS, Timeouts.DEFAULT);
  }

  void route(PathMatch match, RouteAction action, List<FilterSettings> filters, Timeouts timeouts) {
    route(match, action, filters, timeouts, RetryPolicy.DEFAULT);
  }

  /** Everything goes to the service, as the policy and the timeouts say. */
  void forward(String service, Timeouts timeouts, RetryPolicy retries) {
    var action = new RouteAction.Forward(id(service));
    route(new PathMatch.Prefix("/"), action, DEFAULT_FILTERS, timeouts, retries);
  }

  private void route(
      PathMatch match,
      RouteAction action,
      List<FilterSettings> filters,
      Timeouts timeouts,
      RetryPolicy retries) {
    routes.removeIf(route -> route.match().equals(match));
    routes.add(
        new Route(
            match,
            action,
            new RouteOrigin("default", "shop", "web", "80", match.path()),
            filters,
            timeouts,
            retries));
    routes.sort((a, b) -> a.match().compareTo(b.match()));
    host(HostPattern.of(HOST), routes);
  }

  void host(HostPattern pattern, List<Route> hostRoutes) {
    plane.apply(
        change(
            Map.of(pattern, new VirtualHost(pattern, "", hostRoutes)),
            Map.of(),
            TableChange.Certificates.NONE,
            Optional.empty()));
  }

  int port() {
    return plane.boundPorts().getFirst();
  }

  int tlsPort() {
    return plane.boundPorts().get(1);
  }

  RawClient client() throws IOException {
    return new RawClient(port());
  }

  @Override
  public void close() {
    plane.close();
  }
}
