package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import org.junit.jupiter.api.AfterEach;

/** A replica is killed without a word (F27). */
class KillFaultTest {
  private static final int INGRESSES = 1000;
  private static final String[] FLAGS = {"--publish-status-address=192.0.2.7", "--election-ttl=2s"};

  private final Backend backend = Backend.echo("a");
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
    backend.close();
  }

  private WeirProcess start(String pod) {
    return cluster.replica(pod, FLAGS);
  }

  private String holder() {
    var lease = cluster.api().get("leases", "ingress", "ingress-controller-leader");
    return lease == null ? "" : lease.at("/spec/holderIdentity").asText("");
  }

  @Fault("F27")
  void whoIsKilledComesBackWithEverythingWhileTheOtherServes(Injection fault) {
    cluster.api().apply(Objects.service(backend));
    for (int i = 0; i < INGRESSES; i++) {
      cluster.api().apply(Objects.ingress("shop-" + i, "shop-" + i + ".test", "a"));
    }
    try (var stays = start("stays");
        var traffic = Traffic.of(stays, "shop-0.test", "GET", 2)) {
      var killed = start("killed");
      for (int i = 0; i < fault.figure(); i++) {
        try (var busy = Traffic.of(killed, "shop-0.test", "GET", 2)) {
          busy.awaitMore(50);
          killed.kill();
        }
        assertThat(killed.exitCode()).isNotZero();
        killed.assertNoProblems();
        fault.count();
        traffic.awaitMore(50);
        long begun = System.nanoTime();
        killed = start("killed");
        long ready = (System.nanoTime() - begun) / 1_000_000;
        var routes = killed.admin("/debug/routes").text();
        assertThat(routes.lines().filter(line -> line.startsWith("host shop-"))).hasSize(INGRESSES);
        assertThat(killed.get("shop-999.test", "/").status()).isEqualTo(200);
        if (Boolean.getBoolean("weir.full")) {
          System.out.printf("killed and ready again after %d ms%n", ready);
        }
      }
      WeirProcess.eventually("a leader", this::holder, now -> !now.isEmpty());
      killed.close();
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
  }
}
