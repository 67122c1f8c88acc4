package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the admin port tells. */
class AdminTest {
  private static final String REQUESTS = "nginx_ingress_controller_requests{";

  private static void fill(ManifestFolder folder, Backend echo) {
    folder.write(
        "all.yaml",
        Objects.service(echo)
            + Objects.secret("cert", KeyPairPem.of("secure.test"))
            + Objects.ingress("plain", "plain.test", "echo")
            + Ingress.named("secure")
                .tls("cert", "secure.test")
                .host("secure.test")
                .exact("/health", "echo")
                .prefix("/", "nowhere")
                .yaml());
  }

  private static List<String> samples(WeirProcess weir, String start) {
    return weir.admin("/metrics").text().lines().filter(line -> line.startsWith(start)).toList();
  }

  private static double value(WeirProcess weir, String series) {
    var lines = samples(weir, series);
    assertThat(lines).as(series).hasSize(1);
    return Double.parseDouble(lines.getFirst().substring(lines.getFirst().lastIndexOf(' ') + 1));
  }

  @Test
  void metricsTellOfRequestsTablesAndCertificates() {
    try (var echo = Backend.echo("echo");
        var folder = ManifestFolder.withClass()) {
      fill(folder, echo);
      try (var weir = WeirProcess.run("--manifests=" + folder.path(), "--enable-metrics=true")) {
        for (int i = 0; i < 7; i++) {
          assertThat(weir.get("plain.test", "/x").status()).isEqualTo(200);
        }
        assertThat(weir.getTls("secure.test", "/").status()).isEqualTo(503);
        assertThat(weir.get("nobody.test", "/").status()).isEqualTo(404);

        WeirProcess.eventually(
            "seven requests",
            () -> samples(weir, REQUESTS),
            lines ->
                lines.stream()
                    .anyMatch(
                        line ->
                            line.contains("host=\"plain.test\"")
                                && line.contains("ingress=\"plain\"")
                                && line.contains("service=\"echo\"")
                                && line.contains("status=\"200\"")
                                && line.endsWith(" 7")));
        assertThat(samples(weir, REQUESTS)).noneMatch(line -> line.contains("nobody.test"));
        assertThat(samples(weir, "nginx_ingress_controller_request_duration_seconds_bucket{"))
            .isNotEmpty();
        assertThat(samples(weir, "nginx_ingress_controller_ssl_expire_time_seconds{"))
            .anyMatch(line -> line.contains("secure.test"));
        assertThat(value(weir, "weir_table_hosts")).isGreaterThanOrEqualTo(2);
        assertThat(value(weir, "nginx_ingress_controller_config_last_reload_successful{")).isOne();
        assertThat(samples(weir, "weir_apply_duration_seconds")).isNotEmpty();
        assertThat(samples(weir, "weir_findings{")).isNotEmpty();
        assertThat(samples(weir, "nginx_ingress_controller_nginx_process_connections{"))
            .isNotEmpty();
      }
    }
  }

  @Test
  void withoutTheFlagThereAreNoSeriesOfRequests() {
    try (var echo = Backend.echo("echo");
        var folder = ManifestFolder.withClass()) {
      fill(folder, echo);
      try (var weir = WeirProcess.run("--manifests=" + folder.path())) {
        assertThat(weir.get("plain.test", "/x").status()).isEqualTo(200);
        assertThat(samples(weir, REQUESTS)).isEmpty();
        assertThat(value(weir, "weir_table_hosts")).isGreaterThanOrEqualTo(2);
      }
    }
  }

  @Test
  void theTableAndItsFindingsAreReadable() {
    try (var echo = Backend.echo("echo");
        var folder = ManifestFolder.withClass()) {
      fill(folder, echo);
      folder.write(
          "protected.yaml",
          Ingress.named("closed")
                  .setting("auth-type", "basic")
                  .setting("auth-secret", "users")
                  .host("closed.test")
                  .prefix("/", "echo")
                  .yaml()
              + Ingress.named("canary")
                  .setting("canary", "true")
                  .host("canary.test")
                  .prefix("/", "echo")
                  .yaml()
              + Ingress.named("grpc")
                  .setting("backend-protocol", "GRPC")
                  .host("grpc.test")
                  .prefix("/", "echo")
                  .yaml());
      try (var weir = WeirProcess.run("--manifests=" + folder.path())) {
        var text = weir.admin("/debug/routes").text();

        assertThat(text)
            .contains("host plain.test", "host secure.test", "exact", "/health", "default/echo")
            .contains("default/closed", "default/secure");
        assertThat(weir.get("closed.test", "/").status()).isEqualTo(503);
        assertThat(weir.get("grpc.test", "/").status()).isEqualTo(503);
        assertThat(weir.get("canary.test", "/").status()).isEqualTo(404);
        assertThat(weir.log().lines("default/closed")).isNotEmpty();
        assertThat(weir.admin("/readyz").text()).isEqualTo("ok\n");
        assertThat(weir.admin("/healthz?verbose").text()).contains("source:", "table: version");
        assertThat(weir.admin("/nothing").status()).isEqualTo(404);
      }
    }
  }
}
