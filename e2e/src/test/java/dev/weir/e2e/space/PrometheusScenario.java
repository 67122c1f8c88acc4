package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.metrics.MetricsWorld;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Debian's Prometheus scrapes a running program: every query of public dashboards, of Flagger, and
 * of our own dashboard has an answer. What promtool says of our own names is heeded.
 */
public final class PrometheusScenario implements Scenario {
  private static final String ADDRESS = "127.0.0.1:9090";
  private static final String MAIN_IS_NO_CANARY =
      "nginx_ingress_controller_requests{job=\"bare\",namespace=\"default\",ingress=\"shop\","
          + "canary!=\"\"}";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();

  @Override
  public void play() throws Exception {
    var folder = Files.createTempDirectory("weir-prometheus-");
    try (var world = new MetricsWorld()) {
      world.weir().log().expect(PodsScenario.NO_HARDWARE_ADDRESS);
      world.play();
      lint(world.weir());
      var config =
          Files.writeString(
              folder.resolve("prometheus.yml"), config(world.weir().admin().getPort()));
      Commands.run("promtool", "check", "config", config.toString());
      var prometheus =
          new ProcessBuilder(
                  "prometheus",
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + folder.resolve("data"),
                  "--web.listen-address=" + ADDRESS)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      try {
        answers(world);
      } catch (AssertionError e) {
        throw new AssertionError(Files.readString(folder.resolve("log")), e);
      } finally {
        prometheus.destroy();
        prometheus.waitFor();
      }
    } finally {
      delete(folder);
    }
  }

  /**
   * The same program twice: as what the Prometheus Operator makes of a pod, and as a target without
   * such labels.
   */
  private static String config(int port) {
    return """
    global: {scrape_interval: 2s, scrape_timeout: 2s}
    scrape_configs:
      - job_name: ingress
        static_configs:
          - targets: ["127.0.0.1:%1$d"]
            labels:
              cluster: test
              namespace: ingress
              pod: weir-0
              kubernetes_pod_name: weir-0
              container: weir
              service: weir
              endpoint: metrics
      - job_name: bare
        static_configs: [{targets: ["127.0.0.1:%1$d"]}]
    """
        .formatted(port);
  }

  private void answers(MetricsWorld world) throws IOException {
    var open = new ArrayList<>(queries());
    assertThat(open).hasSizeGreaterThan(70);
    Awaitility.await("an answer to each query")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              world.traffic();
              open.removeIf(query -> !isEmpty(query));
              assertThat(open).as("queries without an answer").isEmpty();
            });
    assertThat(isEmpty("count(max_over_time(up[1m]) == 1) == 2")).as("both targets").isFalse();
    assertThat(isEmpty(MAIN_IS_NO_CANARY)).as(MAIN_IS_NO_CANARY).isTrue();
  }

  private static List<String> queries() throws IOException {
    var root = WeirProcess.home().resolve("../../..").normalize();
    var queries = new ArrayList<String>();
    Files.readAllLines(root.resolve("e2e/src/test/resources/metrics/queries.txt")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(queries::add);
    var dashboard = root.resolve("manifests/monitoring/dashboard.json");
    for (var expression : MAPPER.readTree(dashboard.toFile()).findValuesAsText("expr")) {
      queries.add(
          expression
              .replace("$__rate_interval", "$W")
              .replaceAll("\\$(namespace|pod|ingress|job)\\b", ".*"));
    }
    return queries.stream().map(query -> query.replace("$W", "1m")).toList();
  }

  private boolean isEmpty(String query) {
    return ask(query).at("/data/result").isEmpty();
  }

  private JsonNode ask(String query) {
    var uri =
        URI.create(
            "http://"
                + ADDRESS
                + "/api/v1/query?query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
    try {
      var reply = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertThat(reply.statusCode()).as("%s: %s", query, reply.body()).isEqualTo(200);
      return MAPPER.readTree(reply.body());
    } catch (IOException e) {
      throw new AssertionError("Prometheus does not answer yet", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Its 3 means that it read all and finds fault with names; those of ingress-nginx are given. */
  private static void lint(WeirProcess weir) {
    var found =
        Commands.run(
            List.of("sh", "-c", "promtool check metrics; code=$?; [ $code = 0 ] || [ $code = 3 ]"),
            weir.admin("/metrics").text());
    assertThat(found.lines().filter(line -> line.startsWith("weir_"))).isEmpty();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
