package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.controller.admission.TestPair;
import dev.weir.controller.loop.ControllerListener;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The admission webhook, registered by the manifest that comes with Weir and asked by a real
 * kube-apiserver. Selected and run as {@code RealApiServerTest} says.
 */
@Tag("kubernetes")
class RealWebhookTest {
  private static final String DENIED =
      "admission webhook \"validate.nginx.ingress.kubernetes.io\" denied the request: ";

  private static final String OBJECTS =
      """
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: nginx}
      spec: {controller: k8s.io/ingress-nginx}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: default}
      spec: {ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: weir, namespace: default}
      data: {bind-address: 127.0.0.1}
      """;

  private static final String INGRESS =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: NAME
        namespace: default
        annotations: {ANNOTATIONS}
      spec:
        ingressClassName: nginx
        rules:
        - host: HOST
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      """;

  @TempDir private static Path folder;

  private static KubeAPIServer server;
  private static KubernetesClient client;
  private static WeirProgram program;

  @BeforeAll
  static void start() throws Exception {
    var others =
        NetworkInterface.networkInterfaces()
            .filter(network -> !network.getName().equals("lo"))
            .flatMap(NetworkInterface::inetAddresses)
            .toList();
    assertThat(others).as("run it in a network namespace of its own").isEmpty();
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
    Files.writeString(folder.resolve("kubeconfig"), server.getKubeConfigYaml());
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
            .build();
    create(OBJECTS);
    var pair = TestPair.of("localhost");
    pair.write(folder);
    program = program();
    assertThat(program.open()).isTrue();
    register(pair);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> dryRun(ingress("probe", "p.test", "auth-type", "bad")))
                    .hasMessageContaining(DENIED));
  }

  private static WeirProgram program() throws Exception {
    var flags = new HashMap<String, String>();
    flags.put("kubeconfig", folder.resolve("kubeconfig").toString());
    flags.put("configmap", "default/weir");
    flags.put("update-status", "false");
    flags.put("healthz-host", "127.0.0.1");
    for (var port : List.of("http-port", "https-port", "healthz-port")) {
      flags.put(port, "0");
    }
    flags.putAll(
        Map.of(
            "validating-webhook", "127.0.0.1:0",
            "validating-webhook-certificate", folder.resolve("cert").toString(),
            "validating-webhook-key", folder.resolve("key").toString()));
    return new WeirProgram(
        RunSettings.of(new Flags(FlagTable.RUN, flags)), new Stop(), new ControllerListener() {});
  }

  /** As shipped, but for a server that has no Services: by address in place of the Service. */
  private static void register(TestPair pair) throws IOException {
    var text = Files.readString(Path.of("..", "manifests", "webhook", "webhook.yaml"));
    var shipped =
        (ValidatingWebhookConfiguration)
            client
                .load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .items()
                .getFirst();
    var webhook = shipped.getWebhooks().getFirst();
    webhook.setFailurePolicy("Fail");
    var service = webhook.getClientConfig().getService();
    webhook
        .getClientConfig()
        .setUrl(
            "https://localhost:" + program.webhook().orElseThrow().getPort() + service.getPath());
    webhook.getClientConfig().setService(null);
    webhook.getClientConfig().setCaBundle(pair.caBundle());
    client.resource(shipped).create();
  }

  @AfterAll
  static void stop() {
    if (program != null) {
      program.close();
    }
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.stop();
    }
  }

  @Test
  void whatCanNotBeServedIsRefusedWithAllReasons() {
    var bad = ingress("bad", "bad.test", "auth-type", "digets", "auth-realm", "a;b");
    assertThatThrownBy(() -> create(bad))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(400))
        .hasMessageContaining(DENIED + "Ingress default/bad is refused for 2 reasons:")
        .hasMessageContaining("\n- nginx.ingress.kubernetes.io/auth-realm: \"a;b\" is not valid")
        .hasMessageContaining("\n- nginx.ingress.kubernetes.io/auth-type: \"digets\" is not");
  }

  @Test
  void aNameThatTheServerMakesIsKnownByThen() {
    var bad = ingress("NAMELESS", "g.test", "auth-type", "digets");
    assertThatThrownBy(() -> create(bad.replace("name: NAMELESS", "generateName: made-")))
        .hasMessageContaining(DENIED + "Ingress default/made-");
  }

  @Test
  void aPathOfAnotherIngressIsRefusedAndAnUpdateOfItsOwnerIsNot() {
    create(ingress("owner", "owned.test"));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> dryRun(ingress("second", "owned.test")))
                    .hasMessageContaining("is defined in Ingress default/owner already"));
    client
        .network()
        .v1()
        .ingresses()
        .inNamespace("default")
        .withName("owner")
        .edit(
            owner -> {
              owner.getMetadata().setLabels(Map.of("team", "a"));
              return owner;
            });
    client.network().v1().ingresses().inNamespace("default").withName("owner").delete();
  }

  @Test
  void kubectlShowsReasonsAndWarnings() throws Exception {
    assertThat(kubectl(ingress("bad", "k.test", "auth-type", "digets"), 1))
        .contains(
            DENIED
                + "Ingress default/bad is refused: nginx.ingress.kubernetes.io/auth-type:"
                + " \"digets\" is not valid (expected: basic)");
    assertThat(kubectl(ingress("warned", "w.test", "proxy-body-sise", "1m"), 0))
        .contains("Warning: nginx.ingress.kubernetes.io/proxy-body-sise: is not known (did you")
        .contains("ingress.networking.k8s.io/warned created");
  }

  private static String kubectl(String manifest, int code) throws Exception {
    var file = Files.writeString(folder.resolve("applied.yaml"), manifest);
    var command = new ArrayList<>(List.of(binary().toString(), "--kubeconfig"));
    command.addAll(
        List.of(folder.resolve("kubeconfig").toString(), "apply", "-f", file.toString()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(code);
    return output;
  }

  private static Path binary() throws IOException {
    try (var files = Files.walk(Path.of(System.getenv("KUBE_API_TEST_DIR"), "k8s"))) {
      return files
          .filter(file -> file.getFileName().toString().equals("kubectl"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String ingress(String name, String host, String... annotations) {
    var pairs = new ArrayList<String>();
    for (int i = 0; i < annotations.length; i += 2) {
      pairs.add(
          "nginx.ingress.kubernetes.io/" + annotations[i] + ": \"" + annotations[i + 1] + "\"");
    }
    return INGRESS
        .replace("NAME", name)
        .replace("HOST", host)
        .replace("ANNOTATIONS", String.join(", ", pairs));
  }

  private static void create(String yaml) {
    for (var object : load(yaml)) {
      client.resource(object).create();
    }
  }

  private static void dryRun(String yaml) {
    for (var object : load(yaml)) {
      client.resource(object).dryRun().create();
    }
  }

  private static List<io.fabric8.kubernetes.api.model.HasMetadata> load(String yaml) {
    return client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items();
  }
}
