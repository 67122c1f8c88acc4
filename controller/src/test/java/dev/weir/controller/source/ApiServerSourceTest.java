package dev.weir.controller.source;

import static dev.weir.controller.source.ApiServerFixture.ingress;
import static dev.weir.controller.source.ApiServerFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.e2e.apiserver.ApiRequest;
import dev.weir.e2e.apiserver.Faults;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerSourceTest {
  private static final String ONE_OF_EACH =
      """
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: nginx}
      spec: {controller: k8s.io/ingress-nginx}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop}
      spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      ports: [{port: 8080}]
      endpoints: [{addresses: [10.1.0.1]}]
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: cert}
      type: kubernetes.io/tls
      data: {tls.crt: YQ==, tls.key: YQ==}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: release}
      type: helm.sh/release.v1
      data: {release: YQ==}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {proxy-body-size: 8m}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: old-release, labels: {OWNER: TILLER}}
      data: {release: a}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: default}
      """;

  @TempDir private Path folder;

  @Test
  void everyKindIsListedAndSyncedIsSaidOnce() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ONE_OF_EACH);
      var source = fixture.start();
      fixture.awaitWatching();
      assertThat(fixture.delivered.names(Kind.INGRESS)).containsExactly("default/shop");
      assertThat(fixture.delivered.names(Kind.INGRESS_CLASS)).containsExactly("/nginx");
      assertThat(fixture.delivered.names(Kind.SERVICE)).containsExactly("default/web");
      assertThat(fixture.delivered.names(Kind.ENDPOINTS)).containsExactly("default/web-1");
      assertThat(fixture.delivered.names(Kind.SECRET)).containsExactly("default/cert");
      assertThat(fixture.delivered.names(Kind.CONFIG_MAP)).containsExactly("default/settings");
      assertThat(fixture.delivered.names(Kind.NAMESPACE)).containsExactly("/default");
      assertThat(fixture.delivered.findings()).isEmpty();
      assertThat(fixture.delivered.synced()).isEqualTo(1);
      assertThat(source.states()).hasSize(7).allMatch(SourceState::synced);
      assertThat(source.states()).allMatch(SourceState::connected);
    }
  }

  @Test
  void helmReleasesAreLeftOutByTheServer() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.start();
      fixture.awaitWatching();
      for (var verb : List.of("list", "watch")) {
        var secrets = fixture.server.requests(verb, "secrets").getFirst();
        assertThat(secrets.parameter("fieldSelector")).isEqualTo("type!=helm.sh/release.v1");
        assertThat(secrets.parameter("labelSelector")).isEqualTo("OWNER!=TILLER");
        var configMaps = fixture.server.requests(verb, "configmaps").getFirst();
        assertThat(configMaps.parameter("labelSelector")).isEqualTo("OWNER!=TILLER");
      }
    }
  }

  @Test
  void aLongListIsReadInPagesOf500() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      for (int i = 0; i < 1201; i++) {
        fixture.server.apply(ingress("default", "i" + i, "h" + i + ".example"));
      }
      fixture.start();
      fixture.awaitWatching();
      assertThat(fixture.delivered.count(Kind.INGRESS)).isEqualTo(1201);
      var pages = fixture.server.requests("list", "ingresses");
      assertThat(pages).extracting(page -> page.parameter("limit")).containsOnly("500").hasSize(3);
      assertThat(pages).extracting(page -> page.parameter("continue")).doesNotHaveDuplicates();
      assertThat(fixture.server.requests("watch", "ingresses"))
          .extracting(watch -> watch.parameter("resourceVersion"))
          .containsExactly(Long.toString(fixture.server.version()));
    }
  }

  @Test
  void aListThatExpiresBetweenPagesIsStartedAnewInOnePiece() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      for (int i = 0; i < 501; i++) {
        fixture.server.apply(ingress("default", "i" + i, "h" + i + ".example"));
      }
      fixture
          .server
          .faults()
          .answer(request -> request.query().containsKey("continue"), Faults.ALWAYS, 410);
      fixture.start();
      fixture.awaitWatching();
      assertThat(fixture.delivered.count(Kind.INGRESS)).isEqualTo(501);
      var pages = fixture.server.requests("list", "ingresses");
      assertThat(pages)
          .extracting(page -> page.parameter("limit"))
          .as("it would expire there again and again")
          .containsExactly("500", "500", "0");
      assertThat(fixture.delivered.replaces()).isEqualTo(7);
    }
  }

  @Test
  void changesArriveInOrder() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.start();
      fixture.awaitWatching();
      fixture.server.apply(ingress("default", "shop", "a.example"));
      until(() -> hostOf(fixture, "shop").equals("a.example"));
      fixture.server.apply(ingress("default", "shop", "b.example"));
      until(() -> hostOf(fixture, "shop").equals("b.example"));
      fixture.server.delete("ingresses", "default", "shop");
      until(() -> fixture.delivered.count(Kind.INGRESS) == 0);
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(1);
      assertThat(fixture.server.count("watch", "ingresses")).isEqualTo(1);
    }
  }

  @Test
  void anObjectThatCannotBeUnderstoodHurtsNoOtherAndItsFindingGoesWithIt() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "good", "a.example"));
      fixture.server.apply(ingress("default", "Bad_Name", "b.example"));
      fixture.start();
      fixture.awaitWatching();
      assertThat(fixture.delivered.names(Kind.INGRESS)).containsExactly("default/good");
      assertThat(fixture.delivered.findings()).hasSize(1);
      assertThat(fixture.delivered.findings().getFirst()).contains("Bad_Name");
      fixture.server.apply(ingress("default", "other", "c.example"));
      until(() -> fixture.delivered.count(Kind.INGRESS) == 2);
      assertThat(fixture.delivered.findings()).hasSize(1);
      fixture.server.delete("ingresses", "default", "Bad_Name");
      until(() -> fixture.delivered.findings().isEmpty());
    }
  }

  @Test
  void oneNamespaceIsReadByNamespacedPathsAndThoseOfFlagsBesideIt() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("shop", "mine", "a.example"));
      fixture.server.apply(ingress("other", "not-mine", "b.example"));
      fixture.server.apply(
          """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: settings, namespace: weir}
          ---
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: unrelated, namespace: other}
          """);
      fixture.start(
          "shop",
          Map.of(Kind.CONFIG_MAP, Set.of("weir"), Kind.SECRET, Set.of("shop", "certificates")));
      fixture.awaitSynced();
      assertThat(fixture.delivered.names(Kind.INGRESS)).containsExactly("shop/mine");
      assertThat(fixture.delivered.names(Kind.CONFIG_MAP)).containsExactly("weir/settings");
      var namespaces = new HashSet<String>();
      for (var resource : List.of("ingresses", "services", "secrets", "configmaps")) {
        fixture.server.requests("list", resource).stream()
            .map(ApiRequest::namespace)
            .map(namespace -> resource + " " + namespace)
            .forEach(namespaces::add);
      }
      assertThat(namespaces)
          .containsExactlyInAnyOrder(
              "ingresses shop",
              "services shop",
              "secrets shop",
              "secrets certificates",
              "configmaps shop",
              "configmaps weir");
    }
  }

  @Test
  void oldVersionsAreUsedWhereAClusterHasNoOthers() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      var server = fixture.server;
      server.withdraw("networking.k8s.io/v1");
      server.withdraw("discovery.k8s.io/v1");
      server.serve("networking.k8s.io/v1beta1", "ingressclasses");
      server.serve("extensions/v1beta1", "ingresses");
      server.apply(
          """
          apiVersion: extensions/v1beta1
          kind: Ingress
          metadata: {name: shop}
          spec: {rules: [{host: a.example, http: {paths: [
            {path: /, backend: {serviceName: web, servicePort: 80}}]}}]}
          ---
          apiVersion: v1
          kind: Endpoints
          metadata: {name: web}
          subsets: [{addresses: [{ip: 10.1.0.1}], ports: [{port: 8080}]}]
          """);
      fixture.start();
      fixture.awaitSynced();
      assertThat(hostOf(fixture, "shop")).isEqualTo("a.example");
      assertThat(fixture.delivered.names(Kind.ENDPOINTS)).containsExactly("default/web");
      assertThat(server.requests("list", "ingresses"))
          .extracting(ApiRequest::groupVersion)
          .containsExactly("extensions/v1beta1");
      until(() -> server.openWatches("endpoints") == 1);
    }
  }

  @Test
  void aVersionThatGoesAwayIsReplacedByAnother() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      var server = fixture.server;
      server.withdraw("networking.k8s.io/v1");
      server.serve("networking.k8s.io/v1beta1", "ingresses", "ingressclasses");
      fixture.start();
      fixture.awaitWatching();
      server.withdraw("networking.k8s.io/v1beta1");
      server.serve("networking.k8s.io/v1", "ingresses", "ingressclasses");
      server.apply(ingress("default", "shop", "a.example"));
      server.dropWatches("ingresses");
      until(() -> hostOf(fixture, "shop").equals("a.example"));
      var watches = server.requests("watch", "ingresses");
      until(() -> server.openWatches("ingresses") == 1);
      assertThat(watches.getFirst().groupVersion()).isEqualTo("networking.k8s.io/v1beta1");
      assertThat(server.requests("watch", "ingresses").getLast().groupVersion())
          .isEqualTo("networking.k8s.io/v1");
    }
  }

  @Test
  void aNamespaceThatIsBeingDeletedSaysSo() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
      fixture.start();
      fixture.awaitWatching();
      fixture.server.apply(
          "{apiVersion: v1, kind: Namespace, metadata: {name: shop}, status: {phase:"
              + " Terminating}}");
      until(
          () ->
              fixture.delivered.get(Kind.NAMESPACE, "", "shop") instanceof NamespaceResource found
                  && found.meta().deleting());
    }
  }

  @Test
  void nothingIsDeliveredAfterCloseAndAllConnectionsEnd() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      var source = fixture.start();
      fixture.awaitWatching();
      source.close();
      int batches = fixture.delivered.batches();
      fixture.server.apply(ingress("default", "late", "a.example"));
      for (var kind : WatchedKind.ALL) {
        var resource = kind.versions().getFirst().resource();
        until(() -> fixture.server.openWatches(resource) == 0);
      }
      assertThat(fixture.delivered.batches()).isEqualTo(batches);
    }
  }

  @Test
  void closeEndsAListThatHangs() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      var gate = fixture.server.faults().hold(Faults.on("list", ""), Faults.ALWAYS);
      var source = fixture.start();
      until(() -> fixture.server.count("list", "") == 7);
      source.close();
      gate.countDown();
      assertThat(fixture.delivered.batches()).isZero();
      assertThat(fixture.delivered.synced()).isZero();
    }
  }

  static String hostOf(ApiServerFixture fixture, String name) {
    return fixture.delivered.get(Kind.INGRESS, "default", name) instanceof IngressResource ingress
            && !ingress.rules().isEmpty()
        ? ingress.rules().getFirst().host()
        : "";
  }
}
