package dev.weir.e2e.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.space.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Names, types, labels and buckets, as a real parser finds them, against lists of what there has to
 * be: {@code ingress-nginx.txt} is what that has and never changes; {@code weir.txt} are our own,
 * written anew with {@code -Dweir.golden.update=true}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MetricsContractTest {
  private static final String INGRESS_NGINX = "nginx_ingress_controller_";
  private static final String OWN = "weir_";
  private static final String HEAD = "# Our own metrics: name, type, labels, bounds of buckets.";
  private static final Path LISTS = Path.of("src/test/resources/metrics");
  private static final Pattern NAME =
      Pattern.compile(
          "\\b((?:nginx_ingress_controller|weir)_[a-z0-9_]+?)(?:_bucket|_sum|_count)?\\b");

  private final MetricsWorld world = new MetricsWorld();
  private final String page;

  MetricsContractTest() throws IOException {
    world.play();
    page = world.weir().admin("/metrics").text();
  }

  @AfterAll
  void close() {
    world.close();
  }

  private List<String> shapes(String prefix) throws IOException {
    return Family.read(page).stream()
        .filter(family -> family.name().startsWith(prefix))
        .map(Family::shape)
        .sorted()
        .toList();
  }

  private static List<String> list(String name) throws IOException {
    return Files.readAllLines(LISTS.resolve(name)).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .sorted()
        .toList();
  }

  @Test
  void everyMetricOfIngressNginxIsThereAndNoneBesides() throws IOException {
    assertThat(shapes(INGRESS_NGINX)).containsExactlyElementsOf(list("ingress-nginx.txt"));
  }

  @Test
  void ourOwnMetricsAreThoseOfTheList() throws IOException {
    if (Boolean.getBoolean("weir.golden.update")) {
      var lines = new ArrayList<>(List.of(HEAD));
      lines.addAll(shapes(OWN));
      Files.write(LISTS.resolve("weir.txt"), lines);
    }
    assertThat(shapes(OWN))
        .as("new metrics go into weir.txt and docs/metrics.md")
        .containsExactlyElementsOf(list("weir.txt"));
    var documented = Files.readString(Path.of("../docs/metrics.md"));
    assertThat(names("weir.txt")).allSatisfy(name -> assertThat(documented).contains(name));
  }

  @Test
  void thereAreNoOthers() throws IOException {
    assertThat(Family.read(page))
        .allSatisfy(
            family ->
                assertThat(family.name())
                    .matches(name -> name.startsWith(INGRESS_NGINX) || name.startsWith(OWN)));
  }

  /** Prometheus would rename ours, and what is grouped by the name would be one. */
  @Test
  void ourLabelsAreNotThoseOfTargets() throws IOException {
    assertThat(list("weir.txt"))
        .allSatisfy(
            shape ->
                assertThat(shape.split(" ", -1))
                    .doesNotContain(
                        "cluster", "container", "endpoint", "instance", "job", "pod", "service"));
  }

  @Test
  void labelsHaveTheValuesThatDashboardsSelectBy() {
    assertThat(page)
        .contains(
            "nginx_ingress_controller_requests{canary=\"\","
                + "controller_class=\"k8s.io/ingress-nginx\",controller_namespace=\"ingress\","
                + "controller_pod=\"weir-0\",host=\"shop.test\",ingress=\"shop\",method=\"GET\","
                + "namespace=\"default\",path=\"/broken\",service=\"broken\",status=\"500\"} 4")
        .doesNotContain("undefined.test");
    assertThat(orphan("no-endpoint", "no-endpoint")).endsWith(" 1");
    assertThat(orphan("no-endpoint", "no-service")).endsWith(" 0");
    assertThat(orphan("no-service", "no-endpoint")).endsWith(" 0");
    assertThat(orphan("no-service", "no-service")).endsWith(" 1");
    assertThat(orphan("shop", "no-service")).endsWith(" 0");
    assertThat(line("nginx_ingress_controller_check_success{")).contains("ingress=\"welcome\"");
    assertThat(line("nginx_ingress_controller_check_errors{")).contains("ingress=\"intruder\"");
    assertThat(line("weir_upstream_retries_total{reason=\"connect_failed\"}")).doesNotEndWith(" 0");
    assertThat(
            line(
                "weir_endpoint_connects_total{address=\"127.77.77.77:",
                "upstream=\"flaky\",result=\"failed\"}"))
        .doesNotEndWith(" 0");
    assertThat(line("weir_upstream_tls_handshakes_total{result=\"full\"}")).doesNotEndWith(" 0");
    assertThat(line("weir_client_tls_handshakes_total{result=\"full\"}")).doesNotEndWith(" 0");
    assertThat(line("weir_propagation_duration_seconds_count")).doesNotEndWith(" 0");
  }

  private String orphan(String ingress, String type) {
    return line(
        "nginx_ingress_controller_orphan_ingress{",
        "ingress=\"" + ingress + "\",namespace=\"default\",type=\"" + type + "\"}");
  }

  private String line(String start, String... parts) {
    var lines =
        page.lines()
            .filter(line -> line.startsWith(start) && Stream.of(parts).allMatch(line::contains))
            .toList();
    assertThat(lines).as("%s %s", start, List.of(parts)).hasSize(1);
    return lines.getFirst();
  }

  @Test
  void seriesOfADeletedIngressDisappear() {
    var ingress = "ingress=\"flaky\"";
    assertThat(page).contains(ingress);
    world.cluster().api().delete("ingresses", "default", "flaky");
    WeirProcess.eventually(
        "no series of a deleted Ingress",
        () -> world.weir().admin("/metrics").text(),
        text -> !text.contains(ingress) && !text.contains("upstream=\"flaky\""));
  }

  @Test
  void whatDropDownsAreFilledFromIsThereBeforeTheFirstTable() {
    try (var empty = new Cluster()) {
      empty.api().stop();
      try (var weir = empty.launch()) {
        weir.log().expect("API server");
        weir.log().await("listening admin ");
        assertThat(weir.admin("/readyz").status()).isEqualTo(500);
        assertThat(weir.admin("/metrics").text())
            .containsPattern("\nnginx_ingress_controller_config_hash\\{[^}]*} 0\n")
            .containsPattern(
                "\nnginx_ingress_controller_config_last_reload_successful\\{[^}]*} 0\n");
        empty.api().start();
        weir.ready();
      }
    }
  }

  @Test
  void theDashboardAsksForMetricsThatThereAre() throws IOException {
    var dashboard = Path.of("../manifests/monitoring/dashboard.json");
    var known = new TreeSet<String>();
    known.addAll(names("ingress-nginx.txt"));
    known.addAll(names("weir.txt"));
    var asked = new ArrayList<String>();
    var panels = new ObjectMapper().readTree(dashboard.toFile());
    for (var expression : panels.findValuesAsText("expr")) {
      // Ours have no label of their pod: else its drop-down would change half of the panels.
      assertThat(expression).matches(text -> !text.contains("weir_") || text.contains("$pod"));
      NAME.matcher(expression).results().forEach(found -> asked.add(found.group(1)));
    }
    assertThat(asked).hasSizeGreaterThan(20).isSubsetOf(known);
  }

  @Test
  void alertsAskForMetricsThatThereAre() throws IOException {
    var known = new TreeSet<String>();
    known.addAll(names("ingress-nginx.txt"));
    known.addAll(names("weir.txt"));
    // Only where there is a collector.
    known.add("weir_trace_spans_total");
    var alerts = Files.readString(Path.of("../manifests/helm/weir/alerts.yaml"));
    var asked = NAME.matcher(alerts).results().map(found -> found.group(1)).toList();
    assertThat(asked).hasSizeGreaterThan(8).isSubsetOf(known);
  }

  /** Each alert rises for what it is about, and none where all is well. */
  @Test
  @Tag(Peers.PROMETHEUS)
  void alertsRiseForWhatTheyAreAbout() throws IOException {
    var alerts = Path.of("../manifests/helm/weir/alerts.yaml").toRealPath();
    Commands.run("promtool", "check", "rules", alerts.toString());
    var cases = Files.readString(LISTS.resolve("alerts-test.yaml"));
    Files.readString(alerts)
        .lines()
        .filter(line -> line.contains("- alert: "))
        .map(line -> line.substring(line.indexOf(": ") + 2))
        .forEach(alert -> assertThat(cases.split("alertname: " + alert, -1)).hasSize(3));
    var file = Files.createTempFile("weir-alerts-", ".yaml");
    try {
      Files.writeString(file, cases.replace("[ALERTS]", "[" + alerts + "]"));
      assertThat(Commands.run("promtool", "test", "rules", file.toString())).contains("SUCCESS");
    } finally {
      Files.delete(file);
    }
  }

  private static List<String> names(String list) throws IOException {
    return list(list).stream().map(line -> line.split(" ", 2)[0]).toList();
  }
}
