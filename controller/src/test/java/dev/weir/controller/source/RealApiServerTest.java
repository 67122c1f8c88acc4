package dev.weir.controller.source;

import static dev.weir.controller.source.ApiServerFixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The source against etcd and kube-apiserver. Selected where {@code KUBE_API_TEST_DIR} is set;
 * since kube-api-test's etcd listens on every address, it must run in a network namespace with
 * nothing but a loopback: {@code unshare -rn sh -c 'ip link set lo up; mvn -o verify'}.
 */
@Tag("kubernetes")
class RealApiServerTest {
  private static final ApiServerTiming TIMING =
      new ApiServerTiming(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofMillis(50));

  private static final String OBJECTS =
      """
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: nginx}
      spec: {controller: k8s.io/ingress-nginx}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop, namespace: default}
      spec:
        ingressClassName: nginx
        rules:
        - host: a.example
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: default}
      spec: {ports: [{port: 80, targetPort: 8080}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      ports: [{name: "", port: 8080, protocol: TCP}]
      endpoints: [{addresses: [10.244.0.5]}]
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: cert, namespace: default}
      type: Opaque
      data: {tls.crt: YQ==, tls.key: YQ==}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: release, namespace: default}
      type: helm.sh/release.v1
      data: {release: YQ==}
      """;

  private static final String ENDPOINT =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: bad, namespace: default, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      ports: [{name: "", port: 8080, protocol: TCP}]
      endpoints: [{addresses: [ADDRESS]}]
      """;

  private static KubeAPIServer server;
  private static KubernetesClient client;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    var others =
        NetworkInterface.networkInterfaces()
            .filter(network -> !network.getName().equals("lo"))
            .flatMap(NetworkInterface::inetAddresses)
            .toList();
    assertThat(others).as("run it in a network namespace of its own, see above").isEmpty();
    server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withOfflineMode(true)
                .withApiServerFlags(
                    List.of(
                        "--bind-address=127.0.0.1",
                        "--advertise-address=127.0.0.1",
                        "--endpoint-reconciler-type=none"))
                .build());
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
            .build();
    for (var object : objects(OBJECTS)) {
      client.resource(object).create();
    }
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.stop();
    }
  }

  private static List<HasMetadata> objects(String yaml) {
    var bytes = yaml.getBytes(StandardCharsets.UTF_8);
    return client.load(new ByteArrayInputStream(bytes)).items();
  }

  /** Translation relies on it: it takes endpoints' addresses as they come. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "169.254.169.254", "0.0.0.0", "224.0.0.1"})
  void noEndpointMayMeanTheProxysOwnMachineOrLink(String address) {
    var slice = objects(ENDPOINT.replace("ADDRESS", address)).getFirst();
    assertThatThrownBy(() -> client.resource(slice).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422));
  }

  @Test
  void everyKindIsListedAndChangesArriveAcrossManyWatches() throws Exception {
    var delivered = new Delivered();
    try (var access = ApiServerAccess.open(kubeconfig(server.getKubeConfigYaml()));
        var source = new ApiServerSource(access, options(), TIMING)) {
      source.start(delivered);
      until(() -> delivered.synced() == 1);
      assertThat(delivered.names(Kind.INGRESS)).containsExactly("default/shop");
      assertThat(delivered.names(Kind.INGRESS_CLASS)).containsExactly("/nginx");
      assertThat(delivered.names(Kind.SERVICE)).contains("default/web");
      assertThat(delivered.names(Kind.ENDPOINTS)).containsExactly("default/web-1");
      assertThat(delivered.names(Kind.SECRET)).containsExactly("default/cert");
      assertThat(delivered.names(Kind.NAMESPACE)).contains("/default", "/kube-system");
      assertThat(delivered.findings()).isEmpty();
      for (int round = 0; round < 5; round++) {
        var host = "h" + round + ".example";
        client
            .network()
            .v1()
            .ingresses()
            .inNamespace("default")
            .withName("shop")
            .edit(
                shop -> {
                  shop.getSpec().getRules().getFirst().setHost(host);
                  return shop;
                });
        until(() -> host.equals(hostOfShop(delivered)));
        var before = source.states().getFirst().lastEvent();
        until(() -> source.states().getFirst().lastEvent().isAfter(before));
      }
      assertThat(source.states()).allMatch(state -> state.counts().relists() == 0);
      assertThat(delivered.removed()).isEmpty();
    }
  }

  @Test
  void listsOfTheRealServerAreReadInPages() throws Exception {
    for (int i = 0; i < 1100; i++) {
      var map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace("default")
              .withName("map-" + i)
              .endMetadata()
              .build();
      client.resource(map).create();
    }
    var delivered = new Delivered();
    try (var access = ApiServerAccess.open(kubeconfig(server.getKubeConfigYaml()));
        var source = new ApiServerSource(access, options(), TIMING)) {
      source.start(delivered);
      until(() -> delivered.synced() == 1);
      assertThat(delivered.names(Kind.CONFIG_MAP)).contains("default/map-0", "default/map-1099");
      assertThat(delivered.count(Kind.CONFIG_MAP)).isGreaterThanOrEqualTo(1100);
      client.configMaps().inNamespace("default").withName("map-7").delete();
      until(() -> !delivered.names(Kind.CONFIG_MAP).contains("default/map-7"));
    }
  }

  @Test
  void rightsThatAreMissingAreNamedAndUsedOnceGiven() throws Exception {
    for (var object : objects(RIGHTS)) {
      client.resource(object).create();
    }
    var token =
        client
            .serviceAccounts()
            .inNamespace("default")
            .withName("weir")
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    var delivered = new Delivered();
    try (var access = ApiServerAccess.open(kubeconfig(withToken(token)));
        var source = new ApiServerSource(access, options(), TIMING)) {
      source.start(delivered);
      until(() -> delivered.findings().stream().anyMatch(text -> text.contains("list secrets")));
      until(() -> delivered.findings().stream().anyMatch(text -> text.contains("namespaces")));
      assertThat(delivered.synced()).isZero();
      client
          .rbac()
          .clusterRoles()
          .withName("weir")
          .edit(
              role -> {
                role.getRules().getFirst().getResources().add("secrets");
                return role;
              });
      until(() -> delivered.synced() == 1);
      assertThat(delivered.names(Kind.SECRET)).containsExactly("default/cert");
      assertThat(delivered.findings()).singleElement().asString().contains("namespaces");
    }
  }

  private static final String RIGHTS =
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: weir, namespace: default}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: weir}
      rules:
      - {apiGroups: [""], resources: [services, configmaps], verbs: [list, watch]}
      - {apiGroups: [networking.k8s.io], resources: [ingresses, ingressclasses], verbs: [list, watch]}
      - {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: weir}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: weir}
      subjects: [{kind: ServiceAccount, name: weir, namespace: default}]
      """;

  private static String withToken(String token) {
    var config = client.getConfiguration();
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
    users: [{name: u, user: {token: "%s"}}]
    contexts: [{name: x, context: {cluster: c, user: u}}]
    current-context: x
    """
        .formatted(config.getMasterUrl(), config.getCaCertFile(), token);
  }

  private static String hostOfShop(Delivered delivered) {
    return delivered.get(Kind.INGRESS, "default", "shop") instanceof IngressResource shop
        ? shop.rules().getFirst().host()
        : "";
  }

  private ApiServerOptions kubeconfig(String text) throws IOException {
    Files.writeString(folder.resolve("kubeconfig"), text);
    return options();
  }

  private ApiServerOptions options() {
    return ApiServerOptions.of(folder.resolve("kubeconfig").toString());
  }
}
