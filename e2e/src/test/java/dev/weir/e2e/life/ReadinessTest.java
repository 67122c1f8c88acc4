package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.apiserver.Faults;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Nobody is let in before everything there is has been read. */
class ReadinessTest {
  private static final List<String> NEEDED =
      List.of("ingressclasses", "secrets", "configmaps", "endpointslices", "services", "ingresses");

  @Test
  void itIsReadyAndListensOnlyOnceEveryKindWasReadCompletely() {
    try (var echo = Backend.echo("echo");
        var cluster = new Cluster()) {
      cluster.api().apply(Objects.service(echo) + Objects.ingress("echo", "echo.test", "echo"));
      cluster.api().apply(Objects.secret("cert", KeyPairPem.of("echo.test")));
      var gates = new LinkedHashMap<String, CountDownLatch>();
      for (var resource : NEEDED) {
        gates.put(resource, cluster.api().faults().hold(Faults.on("list", resource), 1));
      }
      try (var weir = cluster.launch()) {
        gates.forEach(
            (resource, gate) -> {
              WeirProcess.eventually(
                  "a list of " + resource,
                  () -> cluster.api().count("list", resource),
                  count -> count > 0);
              assertThat(weir.admin("/readyz").status()).as(resource).isEqualTo(500);
              assertThat(weir.admin("/healthz").text()).contains("waiting for the first complete");
              assertThat(weir.log().lines("listening http")).isEmpty();
              gate.countDown();
            });
        weir.ready();
        assertThat(weir.admin("/readyz").status()).isEqualTo(200);
        assertThat(weir.get("echo.test", "/").backend()).isEqualTo("echo");
      }
    }
  }
}
