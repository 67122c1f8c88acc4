package dev.weir.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.apiserver.Faults;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Traffic goes on whatever the API server does, and changes arrive once it is well again. */
class FaultsTest {
  private final Backend a = Backend.echo("a");
  private final Backend b = Backend.echo("b");
  private final Cluster cluster = new Cluster();

  FaultsTest() {
    cluster.api().apply(Objects.service(a) + Objects.service(b));
    cluster.api().apply(Objects.ingress("shop", "shop.test", "a"));
  }

  @AfterEach
  void close() {
    cluster.close();
    a.close();
    b.close();
  }

  private void awaitWatches() {
    for (var resource :
        new String[] {"ingresses", "services", "endpointslices", "secrets", "ingressclasses"}) {
      WeirProcess.eventually(
          "a watch of " + resource, () -> cluster.api().openWatches(resource), open -> open > 0);
    }
  }

  @Test
  void whenWatchesExpireTheListIsReadAgainWhileTrafficGoesOn() throws IOException {
    try (var weir = cluster.run();
        var wire = Wire.to(weir.http())) {
      awaitWatches();
      cluster.api().apply(Objects.ingress("gone", "gone.test", "a"));
      weir.awaitBackend("gone.test", "/", "a");
      int lists = cluster.api().count("list", "ingresses");
      cluster.api().faults().answer(Faults.on("watch", "ingresses"), 1, 410);
      cluster.api().dropWatches("ingresses");
      cluster.api().delete("ingresses", "default", "gone");
      cluster.api().apply(Objects.ingress("shop", "shop.test", "b"));
      cluster.api().compact("ingresses");

      WeirProcess.eventually("the change", () -> answer(wire), reply -> reply.equals("b"));
      weir.awaitStatus("gone.test", "/", 404);
      assertThat(cluster.api().count("list", "ingresses")).isGreaterThan(lists);
    }
  }

  private static String answer(Wire wire) {
    try {
      var reply = wire.get("shop.test", "/");
      assertThat(reply.status()).isEqualTo(200);
      return String.valueOf(reply.backend());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anOutageLeavesTrafficUntouchedAndChangesArriveAfterIt() throws IOException {
    try (var weir = cluster.run();
        var wire = Wire.to(weir.http())) {
      weir.log().expect("API server");
      awaitWatches();
      cluster.api().stop();
      weir.log().await("the API server being missed", line -> line.contains("WARN"));
      for (int i = 0; i < 50; i++) {
        assertThat(answer(wire)).isEqualTo("a");
      }
      assertThat(weir.admin("/healthz").status()).isEqualTo(200);
      assertThat(weir.admin("/healthz?verbose").text()).contains("not connected");

      cluster.api().apply(Objects.ingress("shop", "shop.test", "b"));
      cluster.api().start();
      WeirProcess.eventually("the change", () -> answer(wire), "b"::equals);
    }
  }

  @Test
  void anApiServerThatComesLaterIsWaitedFor() {
    cluster.api().stop();
    try (var weir = cluster.launch()) {
      weir.log().expect("API server");
      assertThat(weir.admin("/readyz").status()).isEqualTo(500);
      weir.log().await("the API server being missed", line -> line.contains("WARN"));
      cluster.api().start();
      weir.ready();
      assertThat(weir.get("shop.test", "/").backend()).isEqualTo("a");
    }
  }

  @Test
  void aMissingPermissionIsNamedWithTheRuleToAdd() {
    cluster.api().faults().answer(Faults.on("list", "secrets"), Faults.ALWAYS, 403);
    try (var weir = cluster.launch()) {
      weir.log().expect("Not allowed to list secrets");
      var line = weir.log().await("Not allowed to list secrets");
      assertThat(line).contains("resources: [\"secrets\"], verbs: [\"list\", \"watch\"]");
      assertThat(weir.admin("/readyz").status()).isEqualTo(500);
      assertThat(weir.admin("/healthz?verbose").text()).contains("Not allowed to list secrets");
    }
  }

  @Test
  @Tag("full")
  void aPermissionThatIsGivenLaterIsUsed() {
    cluster.api().faults().answer(Faults.on("list", "secrets"), Faults.ALWAYS, 403);
    try (var weir = cluster.launch()) {
      weir.log().expect("Not allowed to list secrets");
      weir.log().await("Not allowed to list secrets");
      cluster.api().faults().clear();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> weir.admin("/readyz").status() == 200);
      assertThat(weir.ready().get("shop.test", "/").backend()).isEqualTo("a");
    }
  }

  @Test
  void anOldClusterWithoutSlicesAndWithBetaIngressesIsServed() {
    var old = cluster.api();
    old.withdraw("networking.k8s.io/v1");
    old.withdraw("discovery.k8s.io/v1");
    old.serve("networking.k8s.io/v1beta1", "ingresses", "ingressclasses");
    old.delete("ingresses", "default", "shop");
    old.apply(
        """
        apiVersion: networking.k8s.io/v1beta1
        kind: Ingress
        metadata:
          name: beta
          namespace: default
          annotations: {kubernetes.io/ingress.class: nginx}
        spec:
          rules:
          - host: beta.test
            http: {paths: [{path: /, backend: {serviceName: b, servicePort: http}}]}
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: {name: b, namespace: default}
        subsets:
        - addresses: [{ip: "%s"}]
          ports: [{name: http, port: %d}]
        """
            .formatted(b.address(), b.port()));
    try (var weir = cluster.run()) {
      weir.awaitBackend("beta.test", "/", "b");
      assertThat(old.count("list", "endpointslices")).isZero();
    }
  }

  @Test
  @Tag("full")
  void aSilentWatchIsNoticedWithinAMinute() throws IOException {
    try (var weir = cluster.run();
        var wire = Wire.to(weir.http())) {
      weir.log().expect("The watch of Ingress objects went silent");
      awaitWatches();
      cluster.api().stallWatches("ingresses");
      cluster.api().apply(Objects.ingress("shop", "shop.test", "b"));
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> answer(wire), "b"::equals);
    }
  }
}
