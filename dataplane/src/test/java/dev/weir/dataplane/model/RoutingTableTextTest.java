package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoutingTableTextTest {
  private static final UpstreamId WEB = new UpstreamId("default", "web", "80");
  private static final UpstreamId API = new UpstreamId("default", "api", "http");
  private static final UpstreamId FAR = new UpstreamId("default", "far", "443");

  private static Route route(PathMatch match, RouteAction action, FilterSettings... filters) {
    return new Route(
        match,
        action,
        new RouteOrigin("default", "shop", "web", "80", match.path()),
        List.of(filters),
        Timeouts.DEFAULT,
        RetryPolicy.DEFAULT);
  }

  private static RoutingTable table(List<VirtualHost> hosts, List<Upstream> upstreams) {
    var byPattern = new TreeMap<HostPattern, VirtualHost>();
    hosts.forEach(host -> byPattern.put(host.pattern(), host));
    var byName = new TreeMap<String, Upstream>();
    upstreams.forEach(upstream -> byName.put(upstream.id().toString(), upstream));
    return new RoutingTable(byPattern, byName, new TreeMap<>(Map.of()), ProxySettings.DEFAULT);
  }

  @Test
  void aTableReadsAsHostsWithRoutesThenUpstreams() {
    var location =
        new Template(
            List.of(
                Template.Variable.SCHEME,
                new Template.Literal("://"),
                Template.Variable.HOST,
                new Template.Literal("/docs/")));
    var shop =
        new VirtualHost(
            HostPattern.of("shop.example.com"),
            "default/shop-cert",
            List.of(
                route(new PathMatch.Exact("/health"), new RouteAction.Forward(WEB)),
                route(
                    new PathMatch.Prefix("/api"),
                    new RouteAction.Forward(API),
                    new BodyLimit(1048576),
                    new SslRedirect(308, false, false)),
                route(new PathMatch.Exact("/docs"), new RouteAction.Redirect(301, location)),
                new Route(
                    new PathMatch.Prefix("/"),
                    RouteAction.Respond.noBackend("Service default/missing not found"),
                    RouteOrigin.NONE,
                    List.of(),
                    Timeouts.DEFAULT,
                    RetryPolicy.DEFAULT)));
    var upstreams =
        List.of(
            new Upstream(
                WEB,
                new Upstream.Target.Endpoints(
                    List.of(
                        new Endpoint("10.0.0.1", 8080, "a", "", false),
                        new Endpoint("fd00::1", 8080, "b", "", true))),
                Upstream.LoadBalancing.ROUND_ROBIN),
            new Upstream(
                API, new Upstream.Target.Endpoints(List.of()), Upstream.LoadBalancing.ROUND_ROBIN),
            new Upstream(
                FAR,
                new Upstream.Target.DnsName("far.example.com", 443),
                Upstream.LoadBalancing.ROUND_ROBIN));
    assertThat(RoutingTableText.of(table(List.of(shop), upstreams)))
        .isEqualTo(
            """
            host shop.example.com                      tls default/shop-cert
              exact  /health  -> default/web:80                      from default/shop
              prefix /api     -> default/api:http                    from default/shop
                     body-limit 1m, ssl-redirect 308
              exact  /docs    -> redirect 301 $scheme://$host/docs/  from default/shop
              prefix /        -> respond 503 "Service default/missing not found"

            upstream default/api:http  no endpoints
            upstream default/far:443  dns far.example.com:443
            upstream default/web:80  10.0.0.1:8080 [fd00::1]:8080(draining)
            """);
  }

  @Test
  void timeoutsAndRetriesAreShownWhereTheyDifferFromTheDefault() {
    var route =
        new Route(
            new PathMatch.Prefix("/"),
            new RouteAction.Forward(WEB),
            RouteOrigin.NONE,
            List.of(),
            new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(300)),
            new RetryPolicy(Set.of(), 0, Duration.ZERO));
    assertThat(RoutingTableText.of(new VirtualHost(new HostPattern.Any(), "", List.of(route))))
        .isEqualTo(
            """
            host *
              prefix /  -> default/web:80
                     timeouts connect=1000ms read=2000ms send=300ms, retries off
            """);
  }

  @Test
  void aReasonCannotImitateAnotherLine() {
    var route = route(new PathMatch.Prefix("/"), RouteAction.Respond.denied("a\"\nhost evil"));
    assertThat(RoutingTableText.of(new VirtualHost(new HostPattern.Any(), "", List.of(route))))
        .isEqualTo(
            """
            host *
              prefix /  -> respond 503 "a\\"\\x0ahost evil"  from default/shop
            """);
  }

  @Test
  void anOpaqueByteOfAPathIsShownEncoded() {
    var route = route(new PathMatch.Prefix("/a\uDC2Fb\uDCE9é😀"), RouteAction.Respond.notFound());
    assertThat(RoutingTableText.of(new VirtualHost(new HostPattern.Any(), "", List.of(route))))
        .contains("  prefix /a%2Fb%E9é😀  -> respond 404 \"default backend\"");
  }
}
