package dev.weir.e2e.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.apiserver.Faults;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the program writes into the cluster. */
class ReportTest {
  private static final String PUBLISH = "--publish-status-address=192.0.2.7";
  private static final String SHORT_LEASE = "--election-ttl=4s";

  private final Backend backend = Backend.echo("a");
  private final Cluster cluster = new Cluster();

  ReportTest() {
    cluster.api().apply(Objects.service(backend) + Objects.ingress("shop", "shop.test", "a"));
  }

  @AfterEach
  void close() {
    cluster.close();
    backend.close();
  }

  private void pod(String name) {
    cluster
        .api()
        .apply(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: ingress, labels: {app: weir}}
            status: {phase: Running}
            """
                .formatted(name));
  }

  private String holder() {
    var lease = cluster.api().get("leases", "ingress", "ingress-controller-leader");
    return lease == null ? "" : lease.at("/spec/holderIdentity").asText("");
  }

  private void awaitHolder(String pod) {
    WeirProcess.eventually("the leader", this::holder, pod::equals);
  }

  private String status() {
    var shop = cluster.api().get("ingresses", "default", "shop");
    return shop == null ? "" : shop.at("/status/loadBalancer/ingress").toString();
  }

  private void awaitStatus(String ip) {
    WeirProcess.eventually("the status", this::status, text -> text.contains(ip));
  }

  private void writeStatus(String ip) {
    var shop =
        (ObjectNode) requireNonNull(cluster.api().get("ingresses", "default", "shop")).deepCopy();
    shop.withObjectProperty("status")
        .withObjectProperty("loadBalancer")
        .putArray("ingress")
        .addObject()
        .put("ip", ip);
    shop.withObjectProperty("metadata").remove("resourceVersion");
    cluster.api().apply(shop);
  }

  /** Z01 of the behaviour matrix. */
  @Test
  void aWipedStatusAndADeletedLeaseAreRepairedAlsoAfterAnOutage() {
    try (var weir = cluster.replica("a", PUBLISH, "--status-update-interval=5")) {
      awaitStatus("192.0.2.7");
      weir.log().expect("API server");
      cluster.api().delete("leases", "ingress", "ingress-controller-leader");
      cluster.api().stop();
      writeStatus("198.51.100.1");
      cluster.api().start();
      awaitStatus("192.0.2.7");
      awaitHolder("a");
    }
  }

  @Test
  void theLastReplicaTakesItsAddressAwayAndGivesTheLeaseBackAsItEnds() {
    pod("a");
    pod("b");
    var a = cluster.replica("a", PUBLISH, SHORT_LEASE);
    awaitHolder("a");
    awaitStatus("192.0.2.7");
    var b = cluster.replica("b", PUBLISH, SHORT_LEASE);
    a.terminate();
    assertThat(a.exitCode()).isZero();
    a.assertNoProblems();
    awaitHolder("b");
    assertThat(status()).contains("192.0.2.7");

    cluster.api().delete("pods", "ingress", "a");
    b.terminate();
    assertThat(b.exitCode()).isZero();
    b.assertNoProblems();
    assertThat(status()).isEmpty();
    assertThat(holder()).isEmpty();
    assertThat(cluster.api().count("patch", "ingresses") + cluster.api().count("patch", "leases"))
        .isZero();
  }

  @Test
  void aShadowServesAndWritesNothing() {
    try (var weir = cluster.replica("a", PUBLISH, "--shadow")) {
      weir.log().await("--shadow: nothing is written");
      assertThat(weir.get("shop.test", "/").backend()).isEqualTo("a");
      assertThat(weir.admin("/metrics").text())
          .contains("leader_election_status")
          .contains("name=\"ingress-controller-leader\"} 0");
    }
    assertThat(cluster.api().count("create", "") + cluster.api().count("update", "")).isZero();
    assertThat(cluster.api().count("", "leases")).isZero();
  }

  @Test
  void anEventSaysWhatIsWrongAndTheMetricsSayWhoLeads() {
    cluster
        .api()
        .apply(
            Ingress.named("bad")
                .host("bad.test")
                .setting("proxy-body-size", "a lot")
                .prefix("/", "a")
                .yaml());
    try (var weir = cluster.replica("a", PUBLISH)) {
      WeirProcess.eventually(
          "an Event",
          () -> cluster.api().requests("create", "events").toString(),
          text -> text.contains("AnnotationParsingFailed") && text.contains("a lot"));
      awaitStatus("192.0.2.7");
      var metrics = weir.admin("/metrics").text();
      assertThat(metrics)
          .containsPattern(
              "nginx_ingress_controller_leader_election_status\\{.*"
                  + "controller_pod=\"a\",name=\"ingress-controller-leader\"} 1");
      assertThat(metrics).contains("weir_status_writes_total{result=\"written\"} 2");
      assertThat(metrics).contains("weir_events_total{result=\"dropped\"} 0");
    }
  }

  @Test
  void missingRightsAreNamedOnceAndTrafficGoesOn() {
    cluster.api().faults().answer(Faults.on("get", "leases"), Faults.ALWAYS, 403);
    try (var weir = cluster.replica("a", PUBLISH, SHORT_LEASE)) {
      weir.log().expect("Not allowed to");
      WeirProcess.eventually(
          "three tries", () -> cluster.api().count("get", "leases"), count -> count >= 3);
      assertThat(weir.log().lines("Not allowed to")).hasSize(1);
      assertThat(weir.log().lines("Not allowed to").getFirst())
          .contains("resources: [\"leases\"], verbs: [\"get\", \"create\", \"update\"]");
      assertThat(weir.get("shop.test", "/").backend()).isEqualTo("a");
      assertThat(weir.admin("/healthz").status()).isEqualTo(200);
    }
    assertThat(cluster.api().count("update", "ingresses")).isZero();
  }
}
