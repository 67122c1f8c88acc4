package dev.weir.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.telemetry.TelemetrySettings.Hosts;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
  private static final String PREFIX = "nginx_ingress_controller_";
  private static final String REQUESTS = PREFIX + "requests";
  private static final RouteOrigin SHOP = new RouteOrigin("default", "shop", "web", "80", "/api");

  /** A request as an exchange would tell of it. */
  private record Sample(
      RouteCounters counters,
      String method,
      int status,
      String host,
      String canary,
      long responseNanos)
      implements RequestSample {
    Sample(RouteCounters counters, String method, int status) {
      this(counters, method, status, "", "", 30_000_000);
    }

    @Override
    public long requestNanos() {
      return 40_000_000;
    }

    @Override
    public long connectNanos() {
      return responseNanos < 0 ? NONE : 0;
    }

    @Override
    public long headerNanos() {
      return responseNanos < 0 ? NONE : 5_000_000;
    }

    @Override
    public long requestBytes() {
      return 95;
    }

    @Override
    public long replyBytes() {
      return 2_000_000;
    }
  }

  private static Telemetry telemetry(Hosts hosts, boolean statusClasses, String... excluded) {
    return new Telemetry(
        new TelemetrySettings(
            new TelemetrySettings.Identity("ingress", "weir", "pod-1"),
            true,
            hosts,
            statusClasses,
            TelemetrySettings.Buckets.DEFAULT,
            Set.of(excluded)),
        InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));
  }

  private static Exposition read(Telemetry telemetry) {
    return Exposition.read(telemetry.text());
  }

  private static VirtualHost host(String name, RouteOrigin origin) {
    return new VirtualHost(
        HostPattern.of(name),
        "",
        List.of(
            new Route(
                new PathMatch.Prefix("/"),
                RouteAction.Respond.notFound(),
                origin,
                List.of(),
                Timeouts.DEFAULT,
                RetryPolicy.DEFAULT)));
  }

  @Test
  void aRequestIsCountedUnderTheLabelsThatDashboardsKnow() {
    var telemetry = telemetry(Hosts.DEFINED, false);
    telemetry.recordRequest(new Sample(telemetry.route(SHOP, "shop.example.com"), "GET", 200));
    var labels =
        "canary=\"\",controller_class=\"weir\",controller_namespace=\"ingress\","
            + "controller_pod=\"pod-1\",host=\"shop.example.com\",ingress=\"shop\",method=\"GET\","
            + "namespace=\"default\",path=\"/api\",service=\"web\",status=\"200\"";
    var duration = PREFIX + "request_duration_seconds";
    assertThat(telemetry.text())
        .contains("# TYPE " + REQUESTS + " counter\n" + REQUESTS + "{" + labels + "} 1\n")
        .contains("# TYPE " + duration + " histogram\n")
        .contains(duration + "_bucket{" + labels + ",le=\"0.025\"} 0\n")
        .contains(duration + "_bucket{" + labels + ",le=\"0.05\"} 1\n")
        .contains(duration + "_bucket{" + labels + ",le=\"10\"} 1\n")
        .contains(duration + "_bucket{" + labels + ",le=\"+Inf\"} 1\n")
        .contains(duration + "_sum{" + labels + "} 0.04\n")
        .contains(duration + "_count{" + labels + "} 1\n")
        .contains(PREFIX + "header_duration_seconds_bucket{" + labels + ",le=\"0.005\"} 1\n")
        .contains(PREFIX + "request_size_bucket{" + labels + ",le=\"90\"} 0\n")
        .contains(PREFIX + "request_size_bucket{" + labels + ",le=\"100\"} 1\n")
        .contains(PREFIX + "response_size_sum{" + labels + "} 2e+06\n")
        .contains(PREFIX + "bytes_sent_bucket{" + labels + ",le=\"1e+06\"} 0\n")
        .contains(PREFIX + "bytes_sent_bucket{" + labels + ",le=\"1e+07\"} 1\n");
    var types = read(telemetry).types();
    for (var name :
        List.of(
            "request_duration_seconds",
            "response_duration_seconds",
            "header_duration_seconds",
            "connect_duration_seconds",
            "request_size",
            "response_size",
            "bytes_sent")) {
      assertThat(types).containsEntry(PREFIX + name, "histogram");
    }
  }

  @Test
  void whatNoUpstreamAnsweredHasNoUpstreamTimes() {
    var telemetry = telemetry(Hosts.DEFINED, false);
    var shop = telemetry.route(SHOP, "a");
    telemetry.recordRequest(new Sample(shop, "GET", 503, "a", "", RequestSample.NONE));
    var read = read(telemetry);
    assertThat(read.value(REQUESTS, "status=503")).isEqualTo(1);
    assertThat(read.types())
        .doesNotContainKey(PREFIX + "response_duration_seconds")
        .doesNotContainKey(PREFIX + "connect_duration_seconds")
        .containsKey(PREFIX + "request_duration_seconds");
  }

  @Test
  void aRequestOutsideEveryIngressHasDashesForItsRoute() {
    var telemetry = telemetry(Hosts.NONE, false);
    telemetry.recordRequest(new Sample(telemetry.route(RouteOrigin.NONE, ""), "GET", 404));
    var series =
        REQUESTS
            + "{canary=-, controller_class=weir, controller_namespace=ingress,"
            + " controller_pod=pod-1, ingress=-, method=GET, namespace=-, path=-, service=-,"
            + " status=404}";
    assertThat(read(telemetry).samples()).containsEntry(series, 1.0);
  }

  @Test
  void aCanaryKeepsTheMainIngressAndNamesTheOtherUpstream() {
    var telemetry = telemetry(Hosts.DEFINED, false);
    var shop = telemetry.route(SHOP, "a");
    telemetry.recordRequest(new Sample(shop, "GET", 200));
    telemetry.recordRequest(new Sample(shop, "GET", 200, "a", "default-web-canary-80", 1));
    var read = read(telemetry);
    assertThat(read.value(REQUESTS, "canary=default-web-canary-80", "ingress=shop")).isEqualTo(1);
    assertThat(read.value(REQUESTS, "canary=", "ingress=shop")).isEqualTo(1);
  }

  @Test
  void methodsThatAreNoMethodsAndStatusesWithoutEndAreBounded() {
    var telemetry = telemetry(Hosts.DEFINED, false);
    var shop = telemetry.route(SHOP, "a");
    for (int i = 0; i < 100; i++) {
      telemetry.recordRequest(new Sample(shop, "M" + i, 200));
    }
    for (int status = 100; status < 1_000; status++) {
      telemetry.recordRequest(new Sample(shop, "GET", status));
    }
    var read = read(telemetry);
    assertThat(read.value(REQUESTS, "method=OTHER")).isEqualTo(100);
    assertThat(read.series(REQUESTS)).isLessThan(215);
    assertThat(read.value(REQUESTS, "status=5xx")).isEqualTo(100);
    assertThat(read.value(REQUESTS, "status=OTHER")).isEqualTo(400);
    assertThat(
            read.samples().entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(REQUESTS + "{"))
                .mapToDouble(java.util.Map.Entry::getValue)
                .sum())
        .isEqualTo(1_000);
  }

  @Test
  void aHostThatNoRuleNamesIsCountedOnlyOnDemandAndUpToABound() {
    var dropped = telemetry(Hosts.DEFINED, false);
    var counted = telemetry(Hosts.ALL, false);
    var ofNobody = counted.route(RouteOrigin.NONE, "");
    var ofAll = counted.route(SHOP, "");
    for (int i = 0; i < 1_100; i++) {
      dropped.recordRequest(
          new Sample(dropped.route(RouteOrigin.NONE, ""), "GET", 404, i + ".foo.com", "", -1));
      var route = i % 2 == 0 ? ofNobody : ofAll;
      counted.recordRequest(new Sample(route, "GET", 404, i + ".foo.com", "", -1));
    }
    assertThat(read(dropped).series(REQUESTS)).isZero();
    var read = read(counted);
    assertThat(read.value(REQUESTS, "host=7.foo.com", "ingress=shop")).isEqualTo(1);
    assertThat(read.series(REQUESTS)).isEqualTo(1_000);
    assertThat(read.samples()).containsEntry("weir_uncounted_requests_total{}", 100.0);
  }

  @Test
  void whatNobodysHostsLeaveMakesRoomForOthers() {
    var telemetry = telemetry(Hosts.ALL, false);
    var everywhere = new VirtualHost(new HostPattern.Any(), "", host("a", SHOP).routes());
    telemetry.tableChanged(List.of(), List.of(everywhere));
    var shop = telemetry.route(SHOP, "");
    for (int i = 0; i < 1_000; i++) {
      telemetry.recordRequest(new Sample(shop, "GET", 200, i + ".foo.com", "", 1));
    }
    telemetry.tableChanged(List.of(everywhere), List.of());
    var nobodys = telemetry.route(RouteOrigin.NONE, "");
    telemetry.recordRequest(new Sample(nobodys, "GET", 404, "a.foo.com", "", -1));
    var read = read(telemetry);
    assertThat(read.series(REQUESTS)).isEqualTo(1);
    assertThat(read.value(REQUESTS, "host=a.foo.com", "ingress=-")).isEqualTo(1);
  }

  @Test
  void aHostOfNobodyThatARuleNamesHasOneSeriesAndTheOthersHaveItsPlace() {
    var telemetry = telemetry(Hosts.ALL, false);
    var everywhere = new VirtualHost(new HostPattern.Any(), "", host("a", SHOP).routes());
    telemetry.route(SHOP, "");
    telemetry.tableChanged(List.of(), List.of(everywhere));
    var everybodys = telemetry.route(SHOP, "");
    for (int i = 0; i < 999; i++) {
      telemetry.recordRequest(new Sample(everybodys, "GET", 200, i + ".foo.com", "", 1));
    }
    var nobodys = telemetry.route(RouteOrigin.NONE, "");
    telemetry.recordRequest(new Sample(nobodys, "GET", 404, "7.foo.com", "", -1));
    var defined = telemetry.route(SHOP, "7.foo.com");
    var seven = host("7.foo.com", SHOP);
    telemetry.tableChanged(List.of(), List.of(seven));
    telemetry.recordRequest(new Sample(defined, "GET", 200, "7.foo.com", "", 1));
    var read = read(telemetry);
    assertThat(read.value(REQUESTS, "host=7.foo.com")).isEqualTo(1);
    assertThat(read.series(REQUESTS)).isEqualTo(999);

    // Two places are free; a request that began under the table before takes one, unseen.
    telemetry.recordRequest(new Sample(everybodys, "GET", 200, "7.foo.com", "", 1));
    telemetry.recordRequest(new Sample(everybodys, "GET", 200, "new.foo.com", "", 1));
    telemetry.recordRequest(new Sample(everybodys, "GET", 200, "newer.foo.com", "", 1));
    read = read(telemetry);
    assertThat(read.value(REQUESTS, "host=7.foo.com")).isEqualTo(1);
    assertThat(read.series(REQUESTS)).isEqualTo(1_000);
    assertThat(read.samples()).containsEntry("weir_uncounted_requests_total{}", 1.0);
  }

  @Test
  void requestsInFlightWhenTheirRouteGoesTakeNoPlace() {
    var telemetry = telemetry(Hosts.ALL, false);
    var everywhere = new VirtualHost(new HostPattern.Any(), "", host("a", SHOP).routes());
    var shop = telemetry.route(SHOP, "");
    telemetry.tableChanged(List.of(), List.of(everywhere));
    telemetry.recordRequest(new Sample(shop, "GET", 200, "a.foo.com", "", 1));
    telemetry.tableChanged(List.of(everywhere), List.of());
    for (int i = 0; i < 500; i++) {
      telemetry.recordRequest(new Sample(shop, "GET", 200, i + ".foo.com", "", 1));
    }
    telemetry.recordRequest(new Sample(shop, "POST", 200, "a.foo.com", "", 1));
    var nobodys = telemetry.route(RouteOrigin.NONE, "");
    for (int i = 0; i < 1_001; i++) {
      telemetry.recordRequest(new Sample(nobodys, "GET", 404, i + ".foo.com", "", -1));
    }
    var read = read(telemetry);
    assertThat(read.series(REQUESTS)).isEqualTo(1_000);
    assertThat(read.samples()).containsEntry("weir_uncounted_requests_total{}", 1.0);
  }

  @Test
  void aClosedHostTakesNothingAndGivesBackOnce() {
    var budget = new SeriesBudget(2);
    var layout = new SeriesLayout(TelemetrySettings.Buckets.DEFAULT, Set.of());
    var series = new HostSeries(layout, budget);
    assertThat(series.find(0, 200, "")).isNotNull();
    assertThat(series.find(0, 201, "")).isNotNull();
    assertThat(budget.isSpent()).isTrue();
    series.close();
    series.close();
    assertThat(series.find(0, 202, "")).isNull();
    assertThat(budget.take()).as("first given back").isTrue();
    assertThat(budget.take()).as("second given back").isTrue();
    assertThat(budget.take()).as("given back twice").isFalse();
  }

  @Test
  void hostsOfAWildcardShareOneSeries() {
    var telemetry = telemetry(Hosts.ALL, false);
    var shop = telemetry.route(SHOP, "*.foo.com");
    telemetry.recordRequest(new Sample(shop, "GET", 200, "a.foo.com", "", 1));
    telemetry.recordRequest(new Sample(shop, "GET", 200, "b.foo.com", "", 1));
    assertThat(read(telemetry).value(REQUESTS, "host=*.foo.com")).isEqualTo(2);
  }

  @Test
  void routesThatMetricsDoNotTellApartShareTheirSeries() {
    var telemetry = telemetry(Hosts.NONE, false);
    assertThat(telemetry.route(SHOP, "a")).isSameAs(telemetry.route(SHOP, "b"));
    var told = telemetry(Hosts.DEFINED, false);
    assertThat(told.route(SHOP, "a")).isSameAs(told.route(SHOP, "a"));
    assertThat(told.route(SHOP, "a")).isNotSameAs(told.route(SHOP, "b"));
  }

  @Test
  void twoPortsOfOneServiceAreOneSeriesForAsLongAsOneOfThemIsServed() {
    var telemetry = telemetry(Hosts.DEFINED, false);
    var other = new RouteOrigin("default", "shop", "web", "81", "/api");
    var one = host("a", SHOP);
    var two = host("a", other);
    telemetry.recordRequest(new Sample(telemetry.route(SHOP, "a"), "GET", 200));
    telemetry.recordRequest(new Sample(telemetry.route(other, "a"), "GET", 200));
    telemetry.tableChanged(List.of(), List.of(one));
    telemetry.tableChanged(List.of(one), List.of(two));
    assertThat(read(telemetry).value(REQUESTS, "ingress=shop")).isEqualTo(2);
    telemetry.tableChanged(List.of(two), List.of());
    assertThat(read(telemetry).series(REQUESTS)).isZero();
  }

  @Test
  void whereRequestsAreNotCountedAllRoutesShareOneCounter() {
    var telemetry = new Telemetry(TelemetrySettings.DEFAULT, InstantSource.system());
    var shared = telemetry.route(SHOP, "a");
    assertThat(telemetry.route(RouteOrigin.NONE, "b")).isSameAs(shared);
    telemetry.tableChanged(List.of(), List.of(host("a", SHOP)));
    telemetry.tableChanged(List.of(host("a", SHOP)), List.of());
    assertThat(telemetry.route(SHOP, "a")).isSameAs(shared);
  }

  @Test
  void statusClassesAndExcludedMetricsAreTheOperatorsChoice() {
    var telemetry = telemetry(Hosts.DEFINED, true, "bytes_sent", PREFIX + "request_size");
    var shop = telemetry.route(SHOP, "a");
    telemetry.recordRequest(new Sample(shop, "GET", 204));
    telemetry.recordRequest(new Sample(shop, "GET", 201));
    telemetry.recordRequest(new Sample(shop, "GET", 700));
    var read = read(telemetry);
    assertThat(read.value(REQUESTS, "status=2xx")).isEqualTo(2);
    assertThat(read.value(REQUESTS, "status=OTHER")).isEqualTo(1);
    assertThat(read.types())
        .doesNotContainKeys(PREFIX + "bytes_sent", PREFIX + "request_size")
        .containsKey(PREFIX + "response_size");
  }

  @Test
  void nothingOfRequestsIsWrittenUnlessEnabled() {
    var telemetry = new Telemetry(TelemetrySettings.DEFAULT, InstantSource.system());
    telemetry.recordRequest(new Sample(telemetry.route(SHOP, "a"), "GET", 200));
    telemetry.connections().request();
    var read = read(telemetry);
    assertThat(read.series(REQUESTS)).isZero();
    assertThat(read.types()).doesNotContainKey(PREFIX + "request_duration_seconds");
    assertThat(read.value(PREFIX + "nginx_process_requests_total")).isEqualTo(1);
  }

  @Test
  void seriesOfADeletedIngressDisappearAndALateRequestDoesNotBringThemBack() {
    var telemetry = telemetry(Hosts.DEFINED, false);
    var other = new RouteOrigin("default", "other", "web", "80", "/");
    var shop = host("shop.example.com", SHOP);
    var shopToo = host("shop.example.org", SHOP);
    var here = telemetry.route(SHOP, "shop.example.com");
    var there = telemetry.route(SHOP, "shop.example.org");
    telemetry.tableChanged(List.of(), List.of(shop, shopToo, host("o", other)));
    telemetry.recordRequest(new Sample(here, "GET", 200));
    telemetry.recordRequest(new Sample(there, "GET", 200));
    telemetry.recordRequest(new Sample(telemetry.route(other, "o"), "GET", 200));

    // Compiled anew, as a change of the route's settings has it.
    assertThat(telemetry.route(SHOP, "shop.example.com")).isSameAs(here);
    telemetry.tableChanged(List.of(shop), List.of(shop));
    telemetry.recordRequest(new Sample(here, "GET", 200));
    assertThat(read(telemetry).value(REQUESTS, "host=shop.example.com")).isEqualTo(2);

    telemetry.tableChanged(List.of(shopToo), List.of());
    telemetry.recordRequest(new Sample(there, "GET", 200));
    assertThat(read(telemetry).value(REQUESTS, "ingress=shop")).isEqualTo(2);

    telemetry.tableChanged(List.of(shop), List.of());
    telemetry.recordRequest(new Sample(here, "GET", 200));
    var read = read(telemetry);
    assertThat(read.series(REQUESTS)).isEqualTo(1);
    assertThat(read.value(REQUESTS, "ingress=other")).isEqualTo(1);

    var again = telemetry.route(SHOP, "shop.example.com");
    telemetry.tableChanged(List.of(), List.of(shop));
    telemetry.recordRequest(new Sample(again, "GET", 200));
    assertThat(read(telemetry).value(REQUESTS, "ingress=shop")).isEqualTo(1);
  }

  @Test
  void requestsOfManyThreadsAreAllCounted() throws InterruptedException {
    var telemetry = telemetry(Hosts.DEFINED, false);
    var shop = telemetry.route(SHOP, "a");
    int threads = 8;
    int each = 20_000;
    var start = new CountDownLatch(threads);
    var workers =
        java.util.stream.IntStream.range(0, threads)
            .mapToObj(
                i ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              start.countDown();
                              var sample = new Sample(shop, "GET", 200 + i % 2);
                              for (int n = 0; n < each; n++) {
                                telemetry.recordRequest(sample);
                              }
                            }))
            .toList();
    for (var worker : workers) {
      worker.join();
    }
    var read = read(telemetry);
    assertThat(read.value(REQUESTS, "status=200")).isEqualTo(threads * each / 2.0);
    assertThat(read.value(REQUESTS, "status=201")).isEqualTo(threads * each / 2.0);
    assertThat(read.value(PREFIX + "request_duration_seconds_count", "status=200"))
        .isEqualTo(threads * each / 2.0);
  }

  @Test
  void aKnownSeriesIsCountedWithoutAllocating() {
    var telemetry = telemetry(Hosts.DEFINED, false);
    var sample = new Sample(telemetry.route(SHOP, "a"), "GET", 200);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 20_000; i++) {
      telemetry.recordRequest(sample);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      telemetry.recordRequest(sample);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }
}
