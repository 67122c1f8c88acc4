package dev.weir.controller.status;

import static dev.weir.controller.status.Cluster.until;
import static dev.weir.controller.status.Replica.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.status.ReportSettings.Published;
import dev.weir.controller.status.ReportSettings.Status;
import dev.weir.e2e.apiserver.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The status of Ingresses, as replicas on one API server write it. */
class IngressStatusTest {
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private Replica start(String pod, Published published) {
    return Replica.start(cluster.server, Replica.settings(pod, published));
  }

  private Replica start(String pod, Published published, Status status) {
    var settings = Replica.settings(pod, published);
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

  @Test
  void addressesAreWrittenSortedToServedIngressesOfOurClassAndNothingElseIsTouched() {
    cluster.ingress("shop");
    cluster.ingress("theirs", "other", "theirs.example.com", "a: b");
    cluster.ingress(
        "refused",
        "nginx",
        "refused.example.com",
        "nginx.ingress.kubernetes.io/server-alias: 'a;b{',"
            + " nginx.ingress.kubernetes.io/rewrite-target: /etc/nginx/x");
    var spec = Objects.requireNonNull(cluster.server.get("ingresses", "default", "shop"));
    try (var a = start("a", address("b.example", "192.0.2.7", "a.example", "192.0.2.7"))) {
      cluster.awaitStatus("shop", "192.0.2.7", "a.example", "b.example");
      cluster.ingress("later");
      cluster.awaitStatus("later", "192.0.2.7", "a.example", "b.example");
      assertThat(cluster.status("theirs")).isEmpty();
      assertThat(cluster.status("refused")).isEmpty();
      until(() -> a.metric("weir_status_writes_total{result=\"written\"}") == 2);
    }
    var now = Objects.requireNonNull(cluster.server.get("ingresses", "default", "shop"));
    assertThat(now.path("spec")).isEqualTo(spec.path("spec"));
    assertThat(now.at("/metadata/labels")).isEqualTo(spec.at("/metadata/labels"));
    assertThat(now.at("/metadata/annotations")).isEqualTo(spec.at("/metadata/annotations"));
    assertThat(cluster.server.requests("update", "ingresses"))
        .allMatch(request -> request.target().subresource().equals("status"));
    assertThat(cluster.server.count("patch", "ingresses")).isZero();
  }

  @Test
  void exactlyOneOfTwoReplicasWrites() {
    for (int i = 0; i < 20; i++) {
      cluster.ingress("shop-" + i);
    }
    try (var a = start("a", address("192.0.2.7"));
        var b = start("b", address("192.0.2.7"))) {
      for (int i = 0; i < 20; i++) {
        cluster.awaitStatus("shop-" + i, "192.0.2.7");
      }
      assertThat(Set.copyOf(cluster.statusWriters())).hasSize(1);
      assertThat(cluster.statusWriters()).hasSize(20);
      assertThat(a.leads()).isNotEqualTo(b.leads());

      // The one that leads ends: the other one goes on, and finds nothing to write.
      var leader = a.leads() ? a : b;
      var other = a.leads() ? b : a;
      leader.close();
      until(other::leads);
      cluster.ingress("last");
      cluster.awaitStatus("last", "192.0.2.7");
      assertThat(cluster.statusWriters()).hasSize(21);
    }
  }

  @Test
  void whatOthersWriteIsPutRightButNotWithoutEnd() {
    cluster.ingress("shop");
    try (var _ = start("a", address("192.0.2.7"))) {
      cluster.awaitStatus("shop", "192.0.2.7");
      cluster.writeStatus("shop", "198.51.100.1");
      cluster.awaitStatus("shop", "192.0.2.7");
      cluster.writeStatus("shop", "198.51.100.2");
      cluster.ingress("next"); // told of later, and written
      cluster.awaitStatus("next", "192.0.2.7");
      assertThat(cluster.status("shop")).containsExactly("198.51.100.2");
    }
  }

  @Test
  void aRestartFindsNothingToWrite() {
    cluster.ingress("shop");
    var status = new Status(true, false, Duration.ofSeconds(60), address("192.0.2.7"));
    try (var _ = start("a", address("192.0.2.7"), status)) {
      cluster.awaitStatus("shop", "192.0.2.7");
    }
    try (var again = start("a", address("192.0.2.7"), status)) {
      until(again::leads);
      cluster.ingress("new");
      cluster.awaitStatus("new", "192.0.2.7");
    }
    assertThat(cluster.statusWriters()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type: ExternalName, externalName: lb.example.com | | lb.example.com",
        "type: ClusterIP, clusterIP: 10.96.0.9 | | 10.96.0.9",
        "type: NodePort, clusterIP: 10.96.0.9 | | 10.96.0.9",
        "type: NodePort, clusterIP: 10.96.0.9, externalIPs: [192.0.2.9, 192.0.2.8] | |"
            + " 192.0.2.8 192.0.2.9",
        "type: LoadBalancer, clusterIP: 10.96.0.9 | {ip: 192.0.2.9}, {hostname: lb.example.com} |"
            + " 192.0.2.9 lb.example.com",
        "type: LoadBalancer, externalIPs: [192.0.2.8] | {ip: 192.0.2.9} | 192.0.2.8 192.0.2.9",
        "type: ExternalName, externalName: 192.0.2.3 | | 192.0.2.3=",
      })
  void theAddressesOfAServiceDependOnItsType(String spec, String balancer, String expected) {
    cluster.ingress("shop");
    cluster.server.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: proxy, namespace: ingress}
        spec: {%s, ports: [{port: 80}]}
        status: {loadBalancer: {ingress: [%s]}}
        """
            .formatted(spec, Objects.requireNonNullElse(balancer, "")));
    try (var _ = start("a", new Published.OfService(Replica.SERVICE))) {
      // An address in the place of a host name is refused by API servers.
      if (expected.endsWith("=")) {
        var ip = expected.substring(0, expected.length() - 1);
        cluster.awaitStatus("shop", ip);
        assertThat(
                Objects.requireNonNull(cluster.server.get("ingresses", "default", "shop"))
                    .at("/status/loadBalancer/ingress/0/ip")
                    .asText())
            .isEqualTo(ip);
      } else {
        cluster.awaitStatus("shop", expected.split(" "));
      }
    }
  }

  @Test
  void aServiceThatComesOrChangesLaterIsFollowedAtOnce() {
    cluster.ingress("shop");
    try (var a = start("a", new Published.OfService(Replica.SERVICE))) {
      until(a::leads);
      assertThat(cluster.status("shop")).isEmpty();
      for (var ip : List.of("192.0.2.7", "192.0.2.8")) {
        cluster.server.apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: proxy, namespace: ingress}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: %s}]}}
            """
                .formatted(ip));
        cluster.awaitStatus("shop", ip);
      }
      cluster.server.delete("services", "ingress", "proxy");
      cluster.ingress("later");
      until(() -> cluster.server.count("create", "events") > 1);
      assertThat(cluster.status("shop")).containsExactly("192.0.2.8");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type: LoadBalancer | ",
        "type: LoadBalancer, clusterIP: 10.96.0.9 | ingress: []",
        "type: ClusterIP, clusterIP: None | ",
      })
  void aServiceThatHasNoAddressForAWhileTakesNothingAway(String spec, String balancer) {
    cluster.ingress("shop");
    var had = "type: LoadBalancer";
    service(had, "ingress: [{ip: 192.0.2.7}]");
    try (var _ = start("a", new Published.OfService(Replica.SERVICE))) {
      cluster.awaitStatus("shop", "192.0.2.7");
      service(spec, Objects.requireNonNullElse(balancer, ""));
      cluster.ingress("later");
      until(() -> cluster.events().stream().anyMatch(line -> line.contains("Ingress later")));
      assertThat(cluster.status("shop")).containsExactly("192.0.2.7");
      service(had, "ingress: [{ip: 192.0.2.8}]");
      cluster.awaitStatus("shop", "192.0.2.8");
      cluster.awaitStatus("later", "192.0.2.8");
      assertThat(cluster.server.requests("update", "ingresses"))
          .filteredOn(request -> request.name().equals("shop"))
          .extracting(request -> request.body().at("/status/loadBalancer/ingress/0/ip").asText())
          .containsOnly("192.0.2.7", "192.0.2.8");
    }
  }

  private void service(String spec, String balancer) {
    cluster.server.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: proxy, namespace: ingress}
        spec: {%s, ports: [{port: 80}]}
        status: {loadBalancer: {%s}}
        """
            .formatted(spec, balancer));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 409, 422, 500})
  void anIngressThatIsAlwaysRefusedHoldsUpNoOther(int code) {
    cluster.ingress("bad");
    var writes = Faults.on("update", "ingresses");
    var tries = new AtomicInteger();
    cluster
        .server
        .faults()
        .answer(
            writes.and(request -> request.name().equals("bad") && tries.incrementAndGet() > 0),
            Faults.ALWAYS,
            code);
    try (var _ = start("a", address("192.0.2.7"))) {
      until(() -> tries.get() > 0);
      for (int i = 0; i < 40; i++) {
        cluster.ingress("shop-" + i);
        cluster.awaitStatus("shop-" + i, "192.0.2.7");
      }
    }
    assertThat(cluster.status("bad")).isEmpty();
    assertThat(tries.get()).as("it is tried less and less often").isLessThan(code == 409 ? 60 : 40);
  }

  @Test
  void nodesOfRunningAndReadyPodsArePublished() {
    cluster.ingress("shop");
    cluster.pod("a", "Running", false); // Ourselves: we serve, whatever the cluster knows so far.
    cluster.pod("b", "Running", true);
    cluster.pod("c", "Running", false);
    cluster.pod("d", "Pending", true);
    cluster.node(
        "node-a", "{type: InternalIP, address: 10.0.0.1}, {type: ExternalIP, address: 192.0.2.1}");
    cluster.node("node-b", "{type: Hostname, address: b}, {type: InternalIP, address: 10.0.0.2}");
    try (var _ = start("a", new Published.OfNodes(false))) {
      cluster.awaitStatus("shop", "10.0.0.2", "192.0.2.1");
    }
    try (var _ = start("a", new Published.OfNodes(true))) {
      cluster.awaitStatus("shop", "10.0.0.1", "10.0.0.2");
    }
    assertThat(cluster.server.count("get", "pods") + cluster.server.count("list", "nodes"))
        .isZero();
  }

  @Test
  void whereNodesMayNotBeReadThePodsHostAddressStandsIn() {
    cluster.ingress("shop");
    cluster.pod("a", "Running", true);
    cluster.server.faults().answer(Faults.on("get", "nodes"), Faults.ALWAYS, 403);
    try (var _ = start("a", new Published.OfNodes(false))) {
      cluster.awaitStatus("shop", "192.0.2.200");
    }
  }

  @Test
  void whereThereIsNoPodOfOurNameThatIsSaidAndNothingIsTakenAway() {
    cluster.ingress("shop");
    cluster.writeStatus("shop", "192.0.2.7");
    try (var warnings = new WarningLines();
        var _ = start("a", new Published.OfNodes(false))) {
      until(() -> !warnings.of("There is no pod ingress/a,").isEmpty());
    }
    assertThat(cluster.status("shop")).containsExactly("192.0.2.7");
  }

  @Test
  void aServiceIsMissedOnlyOnceItIsKnownWhatThereIs() {
    var key = new ObjectKey(Kind.SERVICE, "ingress", "known-to-be-missing");
    var source = new ServiceAddresses(key);
    try (var warnings = new WarningLines()) {
      assertThat(source.addresses()).isEmpty();
      assertThat(warnings.of(key.name())).isEmpty();
      source.is(null);
      assertThat(source.addresses()).isEmpty();
      assertThat(warnings.of(key.name()))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("which --publish-service names"));
    }
  }

  @Test
  void wherePodsMayNotBeListedNothingIsTakenAway() {
    cluster.ingress("shop");
    cluster.writeStatus("shop", "192.0.2.7");
    cluster.server.faults().answer(Faults.on("list", "pods"), Faults.ALWAYS, 403);
    try (var a = start("a", new Published.OfNodes(false))) {
      until(() -> cluster.server.count("list", "pods") > 0 && a.leads());
    }
    assertThat(cluster.status("shop")).containsExactly("192.0.2.7");
  }

  @Test
  void aConflictLeadsToAnotherLook() {
    cluster.ingress("shop");
    cluster.server.faults().answer(Faults.on("update", "ingresses"), 2, 409);
    try (var a = start("a", address("192.0.2.7"))) {
      cluster.awaitStatus("shop", "192.0.2.7");
      until(() -> a.metric("weir_status_writes_total{result=\"conflict\"}") == 2);
      assertThat(cluster.server.count("get", "ingresses")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"429", "403", "500", "422"})
  void aRefusalIsTriedAgain(int code) {
    cluster.ingress("shop");
    cluster.ingress("next");
    cluster
        .server
        .faults()
        .answer(Faults.on("update", "ingresses"), 1, code, Map.of("Retry-After", "1"));
    try (var a = start("a", address("192.0.2.7"))) {
      if (code == 422) {
        // What the server finds invalid won't be valid the next moment.
        until(() -> cluster.status("shop").size() + cluster.status("next").size() == 1);
      } else {
        cluster.awaitStatus("shop", "192.0.2.7");
        cluster.awaitStatus("next", "192.0.2.7");
      }
      assertThat(a.metric("weir_status_writes_total{result=\"failed\"}")).isEqualTo(1);
    }
  }

  @Test
  void aServerThatGoesAwayBetweenWritesGetsTheRestLater() {
    for (int i = 0; i < 30; i++) {
      cluster.ingress("shop-" + i);
    }
    var gate = cluster.server.faults().hold(Faults.on("update", "ingresses"), 1);
    try (var a = start("a", address("192.0.2.7"))) {
      until(() -> cluster.server.count("update", "ingresses") == 1);
      cluster.server.stop();
      gate.countDown();
      until(() -> !a.leads());
      cluster.server.start();
      for (int i = 0; i < 30; i++) {
        cluster.awaitStatus("shop-" + i, "192.0.2.7");
      }
    }
  }

  @Test
  void manyIngressesAreEachWrittenOnce() {
    int many = 200;
    for (int i = 0; i < many; i++) {
      cluster.ingress("shop-" + i);
    }
    var settings = Replica.settings("a", address("192.0.2.7"));
    // Calls may take a part of the Lease's time; none is to be given up and made again.
    var unhurried =
        new ReportSettings(
            settings.pod(),
            false,
            new ReportSettings.Election(true, "leader", Duration.ofMinutes(2)),
            settings.status(),
            settings.syncEvents(),
            settings.settings());
    try (var a = Replica.start(cluster.server, unhurried)) {
      until(() -> a.metric("weir_status_writes_total{result=\"written\"}") == many);
    }
    assertThat(cluster.status("shop-0")).hasSize(1);
    assertThat(cluster.statusWriters().size()).isEqualTo(many);
  }

  @Test
  void nothingIsWrittenWhenItIsSwitchedOff() {
    cluster.ingress("shop");
    try (var a =
        start(
            "a",
            address("192.0.2.7"),
            new Status(false, true, Duration.ofSeconds(60), address("192.0.2.7")))) {
      until(a::leads);
      until(() -> !cluster.events().isEmpty());
    }
    assertThat(cluster.statusWriters()).isEmpty();
  }

  @Test
  void aShadowWritesNothingAndTakesNoLease() {
    cluster.ingress("shop");
    var settings = Replica.settings("a", address("192.0.2.7"));
    var shadow =
        new ReportSettings(
            settings.pod(),
            true,
            settings.election(),
            settings.status(),
            true,
            settings.settings());
    try (var a = Replica.start(cluster.server, shadow)) {
      cluster.ingress("later");
      assertThat(a.leads()).isFalse();
    }
    assertThat(cluster.writes()).isZero();
    assertThat(cluster.server.count("", "leases")).isZero();
  }

  @Test
  void withoutLeaderElectionThereAreEventsAndNoStatus() {
    cluster.ingress("shop");
    var settings = Replica.settings("a", address("192.0.2.7"));
    var without =
        new ReportSettings(
            settings.pod(),
            false,
            new ReportSettings.Election(false, "leader", Replica.TTL),
            settings.status(),
            true,
            settings.settings());
    try (var a = Replica.start(cluster.server, without)) {
      until(() -> !cluster.events().isEmpty());
      assertThat(a.leads()).isFalse();
    }
    assertThat(cluster.statusWriters()).isEmpty();
    assertThat(cluster.server.count("", "leases")).isZero();
  }
}
