package dev.weir.controller.status;

import static dev.weir.controller.status.Cluster.until;
import static dev.weir.controller.status.Replica.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.status.ReportSettings.Published;
import dev.weir.controller.status.ReportSettings.Status;
import dev.weir.e2e.apiserver.Faults;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the status of Ingresses when replicas end. */
class FarewellTest {
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private Replica start(String pod, Published published) {
    return Replica.start(cluster.server, Replica.settings(pod, published));
  }

  @Test
  void theLastReplicaTakesItsOnlyAddressAway() {
    cluster.ingress("shop");
    cluster.ingress("theirs", "other", "theirs.example.com", "a: b");
    cluster.writeStatus("theirs", "198.51.100.1");
    cluster.pod("a", "Running", true);
    cluster.pod("gone", "Failed", false);
    try (var _ = start("a", address("192.0.2.7"))) {
      cluster.awaitStatus("shop", "192.0.2.7");
    }
    assertThat(cluster.status("shop")).isEmpty();
    assertThat(cluster.status("theirs")).containsExactly("198.51.100.1");
  }

  @Test
  void anIngressThatCanNotBeClearedHoldsUpNoOther() {
    for (int i = 0; i < 20; i++) {
      cluster.ingress("shop-" + i);
    }
    cluster.pod("a", "Running", true);
    cluster
        .server
        .faults()
        .answer(
            Faults.on("update", "ingresses")
                .and(request -> !request.name().equals("shop-7"))
                .and(request -> request.body().at("/status/loadBalancer/ingress").isEmpty()),
            Faults.ALWAYS,
            403);
    var settings = Replica.settings("a", address("192.0.2.7"));
    var patient =
        new ReportSettings(
            settings.pod(),
            false,
            new ReportSettings.Election(true, "leader", Duration.ofMinutes(1)),
            settings.status(),
            false,
            settings.settings());
    try (var a = Replica.start(cluster.server, patient)) {
      until(() -> a.metric("weir_status_writes_total{result=\"written\"}") == 20);
    }
    assertThat(cluster.status("shop-7")).isEmpty();
    assertThat(cluster.status("shop-8")).containsExactly("192.0.2.7");
  }

  @Test
  void theAddressStaysWhenAnotherReplicaGoesOn() {
    cluster.ingress("shop");
    cluster.pod("a", "Running", true);
    cluster.pod("b", "Pending", false);
    endsAndLeavesTheAddress(true, "192.0.2.7");
  }

  @Test
  void theAddressesStayWhenThereAreSeveral() {
    cluster.ingress("shop");
    cluster.pod("a", "Running", true);
    endsAndLeavesTheAddress(true, "192.0.2.7", "192.0.2.8");
  }

  @Test
  void theAddressStaysWhenTheFlagSaysSo() {
    cluster.ingress("shop");
    cluster.pod("a", "Running", true);
    endsAndLeavesTheAddress(false, "192.0.2.7");
  }

  @Test
  void theAddressStaysWhenOtherReplicasCantBeSeen() {
    cluster.ingress("shop");
    cluster.pod("a", "Running", true);
    cluster.server.faults().answer(Faults.on("list", "pods"), Faults.ALWAYS, 403);
    endsAndLeavesTheAddress(true, "192.0.2.7");
  }

  @Test
  void theAddressStaysWhenItIsNotKnownWhichOneIsOurs() {
    cluster.ingress("shop");
    cluster.writeStatus("shop", "192.0.2.7");
    cluster.pod("a", "Running", true);
    try (var a = start("a", new Published.OfService(Replica.SERVICE))) {
      until(a::leads);
    }
    assertThat(cluster.status("shop")).containsExactly("192.0.2.7");
  }

  private Replica start(Status status) {
    var settings = Replica.settings("a", status.published());
    return Replica.start(
        cluster.server,
        new ReportSettings(
            settings.pod(),
            false,
            settings.election(),
            status,
            settings.syncEvents(),
            settings.settings()));
  }

  private void endsAndLeavesTheAddress(boolean clearAtEnd, String... addresses) {
    var status = new Status(true, clearAtEnd, Duration.ofSeconds(60), address(addresses));
    try (var _ = start(status)) {
      cluster.awaitStatus("shop", addresses);
    }
    assertThat(cluster.status("shop")).containsExactly(addresses);
    var lease = Objects.requireNonNull(cluster.server.get("leases", "ingress", "leader"));
    assertThat(lease.at("/spec/holderIdentity").asText("")).isEmpty();
  }
}
