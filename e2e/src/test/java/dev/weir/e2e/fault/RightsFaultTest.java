package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.apiserver.Faults;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** The controller may not read what it would like to. */
class RightsFaultTest {
  /** What may not be read, and the rule that is to be named. */
  private static final Map<String, String> MISSING =
      Map.of(
          "list ingressclasses",
          "{apiGroups: [\"networking.k8s.io\"], resources: [\"ingressclasses\"], verbs: [\"list\","
              + " \"watch\"]}",
          "list endpointslices",
          "{apiGroups: [\"discovery.k8s.io\"], resources: [\"endpointslices\"], verbs: [\"list\","
              + " \"watch\"]}",
          "list namespaces",
          "{apiGroups: [\"\"], resources: [\"namespaces\"], verbs: [\"list\", \"watch\"]}",
          "get nodes",
          "{apiGroups: [\"\"], resources: [\"nodes\"], verbs: [\"get\"]}");

  private final Backend backend = Backend.echo("a");
  private final Cluster cluster = new Cluster();

  RightsFaultTest() {
    cluster
        .api()
        .apply(
            Objects.serviceAlone("a")
                + """
                ---
                apiVersion: v1
                kind: Endpoints
                metadata: {name: a, namespace: default}
                subsets:
                - addresses: [{ip: "%s"}]
                  ports: [{name: http, port: %d}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: weir, namespace: ingress, labels: {app: weir}}
                spec: {nodeName: node-1}
                status: {phase: Running, hostIP: 192.0.2.200}
                """
                    .formatted(backend.address(), backend.port()));
    cluster
        .api()
        .apply(
            Ingress.named("shop")
                .ofClass("")
                .annotation("kubernetes.io/ingress.class", "nginx")
                .host("shop.test")
                .prefix("/", "a")
                .yaml());
  }

  @AfterEach
  void close() {
    cluster.close();
    backend.close();
  }

  private int refused() {
    return MISSING.keySet().stream()
        .map(verbAndResource -> List.of(verbAndResource.split(" ", -1)))
        .mapToInt(words -> cluster.api().count(words.getFirst(), words.getLast()))
        .sum();
  }

  private String status() {
    var shop = cluster.api().get("ingresses", "default", "shop");
    return shop == null ? "" : shop.at("/status/loadBalancer/ingress/0/ip").asText("");
  }

  @Fault("missing-rights")
  void aRightThatIsMissingIsNamedOnceAndTheRestWorks(Injection fault) {
    var api = cluster.api();
    MISSING
        .keySet()
        .forEach(
            words ->
                api.faults()
                    .answer(
                        Faults.on(words.split(" ", -1)[0], words.split(" ", -1)[1]),
                        Faults.ALWAYS,
                        403));
    try (var weir =
            cluster.replica(
                "weir", "--election-ttl=1s", "--status-update-interval=5", "--watch-time=3s");
        var traffic = Traffic.of(weir, "shop.test", "GET", 2)) {
      weir.log().expect("Not allowed to ");
      WeirProcess.eventually("the status", this::status, "192.0.2.200"::equals);
      Awaitility.await("refusals")
          .atMost(Duration.ofMinutes(10))
          .until(() -> refused() >= fault.figure());
      fault.add(refused());
      MISSING.forEach(
          (words, rule) ->
              assertThat(weir.log().lines("Not allowed to " + words))
                  .singleElement()
                  .asString()
                  .contains(rule));
      assertThat(weir.admin("/readyz").status()).isEqualTo(200);
      // What was missing is used as soon as it may be.
      api.apply(Objects.endpoints("a", List.of(backend.address()), backend.port()));
      api.faults().clear();
      WeirProcess.eventually(
          "EndpointSlices", () -> api.openWatches("endpointslices"), open -> open > 0);
      traffic.awaitMore(50);
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
  }
}
