package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.loop.Snapshot;
import dev.weir.controller.loop.TableStats;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.SslRedirect;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DemoTest {
  private static final UpstreamId WEB = new UpstreamId("default", "web", "80");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theScreenNamesWhatListensAndCommandsThatReachEndpoints() {
    var loopback = InetAddress.getLoopbackAddress();
    var screen =
        DemoScreen.of(
            new DemoScreen.Places(
                new InetSocketAddress(loopback, 8080),
                new InetSocketAddress(loopback, 8443),
                new InetSocketAddress(loopback, 10254),
                List.of(new InetSocketAddress(loopback, 9001)),
                Path.of("manifests/demo")),
            new Snapshot(table(), List.of(), TableStats.NONE),
            Instant.parse("2026-12-31T00:00:00Z"),
            NOW);
    assertThat(screen)
        .contains("http    http://127.0.0.1:8080")
        .contains("https   https://127.0.0.1:8443")
        .contains("until 2026-12-31 (364 days)")
        .contains("echo    127.0.0.1:9001")
        .contains("No warnings.")
        .contains("curl -H 'Host: plain.localhost' 'http://127.0.0.1:8080/'")
        .contains(
            "curl -k --resolve safe.localhost:8443:127.0.0.1 'https://safe.localhost:8443/in'")
        .contains("curl -kL --resolve safe.localhost:8080:127.0.0.1 --resolve safe.localhost:8443");
  }

  @Test
  void aChangeIsOneLine() {
    var line = new ChangeLine();
    line.of(change(table().hosts(), Set.of()));
    var plain = HostPattern.of("plain.localhost");
    assertThat(line.of(change(Map.of(plain, host("plain.localhost", "", "/x")), Set.of())))
        .isEqualTo("changed host plain.localhost");
    assertThat(line.of(change(Map.of(), Set.of(plain)))).isEqualTo("removed host plain.localhost");
    assertThat(line.of(change(Map.of(plain, host("plain.localhost", "", "/")), Set.of())))
        .isEqualTo("new host plain.localhost");
  }

  @Test
  void aBackendAnswersWithWhatItReceived() throws Exception {
    try (var backends = EchoBackends.start(List.of(0, 0));
        var client = HttpClient.newHttpClient()) {
      int port = backends.addresses().getLast().getPort();
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/a%20b?c"))
              .header("X-Test", "yes")
              .POST(HttpRequest.BodyPublishers.ofString("hello"))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .contains("\"backend\" : \"echo-2\"")
          .contains("\"port\" : " + port)
          .contains("\"method\" : \"POST\"")
          .contains("\"path\" : \"/a%20b?c\"")
          .contains("\"bodyBytes\" : 5")
          .containsIgnoringCase("\"X-Test\" : \"yes\"");
    }
  }

  private static RoutingTable table() {
    var hosts = new TreeMap<HostPattern, VirtualHost>();
    hosts.put(HostPattern.of("plain.localhost"), host("plain.localhost", "", "/"));
    hosts.put(
        HostPattern.of("safe.localhost"),
        host("safe.localhost", "default/cert", "/in", new SslRedirect(308, false, false)));
    var upstreams = new TreeMap<String, Upstream>();
    upstreams.put(
        WEB.toString(),
        new Upstream(
            WEB,
            new Upstream.Target.Endpoints(List.of(new Endpoint("127.0.0.1", 9001, "", "", false))),
            Upstream.LoadBalancing.ROUND_ROBIN));
    return new RoutingTable(hosts, upstreams, new TreeMap<>(), ProxySettings.DEFAULT);
  }

  private static VirtualHost host(String name, String tls, String path, FilterSettings... filters) {
    var route =
        new Route(
            new PathMatch.Prefix(path),
            new RouteAction.Forward(WEB),
            new RouteOrigin("default", "ingress", "web", "80", path),
            List.of(filters),
            Timeouts.DEFAULT,
            RetryPolicy.DEFAULT);
    return new VirtualHost(HostPattern.of(name), tls, List.of(route));
  }

  private static TableChange change(Map<HostPattern, VirtualHost> hosts, Set<HostPattern> removed) {
    return new TableChange(
        hosts, removed, Map.of(), Set.of(), TableChange.Certificates.NONE, Optional.empty());
  }
}
