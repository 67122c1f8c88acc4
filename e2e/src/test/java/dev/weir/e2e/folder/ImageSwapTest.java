package dev.weir.e2e.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What charts and tools of ingress-nginx call beside the controller: /dbg and /wait-shutdown. */
class ImageSwapTest {
  @Test
  void theOtherProgramsOfTheImageReachTheOneThatServes() {
    try (var a = Backend.echo("a");
        var folder = ManifestFolder.withClass();
        var weir = swapped(folder, a)) {
      assertThat(dbg(weir, "backends", "list")).contains("default-a-80");
      assertThat(dbg(weir, "backends", "get", "default-a-80"))
          .contains("\"address\" : \"127.0.0.1\"", "\"port\" : \"" + a.port() + "\"");
      assertThat(dbg(weir, "conf", "--host=shop.test"))
          .contains("host shop.test", "prefix /  -> default/a:80")
          .doesNotContain("start server");
      assertThat(dbg(weir, "conf")).contains("## start server shop.test", "## end server _");
      assertThat(dbg(weir, "certs", "get", "shop.test"))
          .contains("-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----");
      assertThat(dbg(weir, "general")).contains("\"controllerPodsCount\"");

      try (var waiting = WeirProcess.launch("/wait-shutdown", "--pid=" + weir.pid())) {
        waiting.assertExitCode(0);
        assertThat(waiting.log().lines("drained")).isNotEmpty();
      }
      weir.assertExitCode(0);
      assertThat(weir.log().lines("ending: finishing what is in flight")).isNotEmpty();
      assertThat(weir.log().lines(": ended")).isNotEmpty();
    }
  }

  @Test
  void whoWaitsForTheShutdownIsToldBeforeTheContainerEnds() {
    try (var a = Backend.echo("a");
        var folder = ManifestFolder.withClass();
        var weir =
            swapped(folder, a, "--shutdown-grace-period=1", "--post-shutdown-grace-period=3600")) {
      try (var waiting = WeirProcess.launch("/wait-shutdown", "--pid=" + weir.pid())) {
        waiting.assertExitCode(0);
        assertThat(waiting.log().lines("drained")).isNotEmpty();
      }
      assertThat(weir.log().lines("ending: unready, serving for 1 s more")).hasSize(1);
      weir.log().await("the admin port answers for 3600 s more");
      // The kubelet's SIGTERM comes when the hook has ended; it ends nothing that hasn't ended.
      weir.terminate();
      for (int i = 0; i < 10; i++) {
        assertThat(weir.admin("/healthz").status()).isEqualTo(500);
      }
      assertThat(weir.isAlive()).isTrue();
      weir.terminate();
      assertThat(weir.exitCode()).as("a second signal ends it at once").isEqualTo(143);
    }
  }

  private static WeirProcess swapped(ManifestFolder folder, Backend a, String... flags) {
    folder.write(
        "all.yaml",
        Objects.service(a)
            + Objects.secret("cert", KeyPairPem.of("shop.test"))
            + Ingress.named("shop")
                .host("shop.test")
                .prefix("/", "a")
                .tls("cert", "shop.test")
                .yaml());
    var command = WeirProcess.command(List.of());
    command.addAll(
        List.of(
            "/nginx-ingress-controller",
            "--manifests=" + folder.path(),
            "--bind-address=127.0.0.1",
            "--http-port=0",
            "--https-port=0",
            "--healthz-host=127.0.0.1",
            "--healthz-port=0",
            "--logtostderr",
            "--stderrthreshold=2",
            "--v=2"));
    command.addAll(List.of(flags));
    return WeirProcess.launchCommand(command).ready();
  }

  private static String dbg(WeirProcess weir, String... words) {
    var arguments = new ArrayList<>(List.of("/dbg", "--pid=" + weir.pid()));
    arguments.addAll(List.of(words));
    try (var dbg = WeirProcess.launch(arguments.toArray(String[]::new))) {
      dbg.assertExitCode(0);
      return dbg.log().text();
    }
  }
}
