package dev.weir.e2e.fault;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.apiserver.ApiRequest;
import dev.weir.e2e.apiserver.Faults;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;

/** A leader that loses its Lease. */
class LeaderFaultTest {
  private static final String[] FLAGS = {
    "--publish-status-address=192.0.2.7", "--election-ttl=2s", "--status-update-interval=5"
  };

  private final Backend backend = Backend.echo("a");
  private final Cluster cluster = new Cluster();

  /** The replica whose requests for the Lease get no answer. */
  private final AtomicReference<String> cutOff = new AtomicReference<>("");

  /** Writes of replicas that did not hold the Lease. */
  private final ConcurrentLinkedQueue<String> strangers = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    cluster.close();
    backend.close();
  }

  @Fault("F21")
  void noRequestFailsWhileTheLeaseChangesHandsAndOnlyItsHolderWrites(Injection fault) {
    cluster.api().apply(Objects.service(backend) + Objects.ingress("shop", "shop.test", "a"));
    cluster.api().faults().drop(watching(), Faults.ALWAYS);
    cluster
        .api()
        .faults()
        .drop(
            Faults.on("", "leases").and(request -> sender(request).equals(cutOff.get())),
            Faults.ALWAYS);
    try (var a = cluster.replica("a", FLAGS);
        var b = cluster.replica("b", FLAGS);
        var toA = Traffic.of(a, "shop.test", "GET", 2);
        var toB = Traffic.of(b, "shop.test", "GET", 2)) {
      awaitStatus();
      for (int i = 0; i < fault.figure(); i++) {
        var leader = holder();
        writeStatus("198.51.100." + (1 + i % 250));
        cutOff.set(leader);
        WeirProcess.eventually(
            "another leader", this::holder, now -> !now.isEmpty() && !now.equals(leader));
        cutOff.set("");
        fault.count();
        awaitStatus();
      }
      toA.awaitMore(100);
      toB.awaitMore(100);
      toA.finish();
      toB.finish();
      assertThat(toA.failures()).isEmpty();
      assertThat(toB.failures()).isEmpty();
    }
    assertThat(strangers).isEmpty();
    assertThat(writers()).contains("a", "b");
  }

  /** Never acts, but looks at every write of a status before it is done. */
  private Predicate<ApiRequest> watching() {
    return Faults.on("update", "ingresses")
        .and(
            request -> {
              var holder = holder();
              if (!sender(request).equals(holder)) {
                strangers.add(sender(request) + " while " + holder + " held the Lease");
              }
              return false;
            });
  }

  private static String sender(ApiRequest request) {
    return request.headers().getOrDefault("authorization", "").replace("Bearer ", "");
  }

  private List<String> writers() {
    return cluster.api().requests("update", "ingresses").stream()
        .map(LeaderFaultTest::sender)
        .distinct()
        .toList();
  }

  private String holder() {
    var lease = cluster.api().get("leases", "ingress", "ingress-controller-leader");
    return lease == null ? "" : lease.at("/spec/holderIdentity").asText("");
  }

  private void awaitStatus() {
    WeirProcess.eventually(
        "the status",
        () -> shop().at("/status/loadBalancer").toString(),
        "{\"ingress\":[{\"ip\":\"192.0.2.7\"}]}"::equals);
  }

  private ObjectNode shop() {
    return (ObjectNode) requireNonNull(cluster.api().get("ingresses", "default", "shop"));
  }

  /** Somebody else writes a status, so that there is something to write for the next leader. */
  private void writeStatus(String ip) {
    var shop = shop().deepCopy();
    shop.withObjectProperty("status")
        .withObjectProperty("loadBalancer")
        .putArray("ingress")
        .addObject()
        .put("ip", ip);
    shop.withObjectProperty("metadata").remove("resourceVersion");
    cluster.api().apply(shop);
  }
}
