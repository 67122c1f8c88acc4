package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Every overlay and everything that the chart's cases render, applied on the side of a real API
 * server, which checks every field and the namespace's pod security; then the containers of those
 * that differ, started as a kubelet would, answering on the ports 80 and 443; then an upgrade by
 * Helm.
 */
public final class InstallScenario implements Scenario {
  static final String NODE = "10.244.0.1";
  static final String POD = "10.244.1.5";

  private static final int PORT = 8080;
  private static final Pattern KIND = Pattern.compile("^kind: ", Pattern.MULTILINE);
  private static final Pattern HOST_PORTS =
      Pattern.compile("^ +(hostPort|hostNetwork): ", Pattern.MULTILINE);

  /** A kind of another project, with any fields. */
  private static final String OTHERS_KIND =
      """
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: %2$s.%1$s}
      spec:
        group: %1$s
        scope: Namespaced
        names: {plural: %2$s, kind: %3$s}
        versions:
          - name: %4$s
            served: true
            storage: true
            schema:
              openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """;

  private static final List<String> NAMESPACED =
      List.of(
          "deployments,daemonsets,services,horizontalpodautoscalers,poddisruptionbudgets",
          "networkpolicies,secrets,configmaps");

  @Override
  public void play() throws Exception {
    try (var backend = Backend.listen("shop", Script.echo(), POD, PORT);
        var api = new RealApiServer(NODE)) {
      assertThat(backend.name()).isEqualTo("shop");
      others(api);
      api.apply(
          Objects.service("shop", List.of(POD), PORT)
                  .replace("clusterIP: 10.96.0.10", "type: ClusterIP")
              + Ingress.named("shop").host("shop.test").prefix("/", "shop").yaml());
      api.kubectl("create", "namespace", "ingress");
      api.kubectl("create", "namespace", "certificates");
      api.kubectl("create", "namespace", "1234");
      api.kubectl("label", "namespace", "ingress", "pod-security.kubernetes.io/warn=restricted");
      overlays(api);
      for (var chart : Shipped.charts()) {
        applied(api, "chart " + chart, Shipped.chart(chart));
        switch (chart) {
          case "defaults" -> serves(api, "ingress", "deployment/weir-controller");
          case "host-network" -> serves(api, "ingress", "daemonset/weir-controller");
          case "odd-but-legal" -> serves(api, "1234", "deployment/weir-2024-controller");
          default -> {}
        }
        clear(api, "ingress");
        clear(api, "1234");
      }
      upgraded(api);
    }
  }

  /** By Helm itself, which keeps the webhook's certificate. */
  private static void upgraded(RealApiServer api) {
    var helm = new Helm(Shipped.manifest("helm/weir"));
    helm.install()
        .withName("again")
        .withNamespace("ingress")
        .withKubeConfig(api.kubeconfig())
        .set("controller.ingressClassResource.enabled", "false")
        .call();
    var first = certificate(api);
    helm.upgrade()
        .withName("again")
        .withNamespace("ingress")
        .withKubeConfig(api.kubeconfig())
        .set("controller.ingressClassResource.enabled", "false")
        .set("controller.replicaCount", 3)
        .call();
    assertThat(first).hasSizeGreaterThan(100);
    assertThat(certificate(api)).isEqualTo(first);
    var workload = api.json("get", "deployment", "again-weir-controller", "-n", "ingress");
    assertThat(workload.at("/spec/replicas").asInt()).isEqualTo(3);
    var webhook = api.json("get", "validatingwebhookconfiguration", "again-weir-admission");
    assertThat(webhook.at("/webhooks/0/clientConfig/caBundle").asText()).isEqualTo(first);
    helm.upgrade()
        .withName("again")
        .withNamespace("ingress")
        .withKubeConfig(api.kubeconfig())
        .set("controller.ingressClassResource.enabled", "false")
        .set("controller.name", "proxy")
        .call();
    // It would name a Service that there is no more.
    assertThat(certificate(api)).hasSizeGreaterThan(100).isNotEqualTo(first);
    System.out.println("upgraded");
  }

  private static String certificate(RealApiServer api) {
    return api.json("get", "secret", "again-weir-admission-certificate", "-n", "ingress")
        .at("/data/cert")
        .asText();
  }

  private static void others(RealApiServer api) {
    api.apply(
        OTHERS_KIND.formatted("monitoring.coreos.com", "servicemonitors", "ServiceMonitor", "v1")
            + OTHERS_KIND.formatted("monitoring.coreos.com", "podmonitors", "PodMonitor", "v1")
            + OTHERS_KIND.formatted(
                "monitoring.coreos.com", "prometheusrules", "PrometheusRule", "v1")
            + OTHERS_KIND.formatted("keda.sh", "scaledobjects", "ScaledObject", "v1alpha1")
            + OTHERS_KIND.formatted("cert-manager.io", "issuers", "Issuer", "v1")
            + OTHERS_KIND.formatted("cert-manager.io", "certificates", "Certificate", "v1"));
    api.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
  }

  private static void overlays(RealApiServer api) throws Exception {
    applied(api, "deployment", Shipped.overlay(api, "deployment"));
    endsInOrder(serving(api, "weir", "deployment/weir"));
    clear(api, "weir");
    applied(api, "loadbalancer", Shipped.overlay(api, "loadbalancer"));
    serves(api, "weir", "deployment/weir");
    clear(api, "weir");
    for (var daemons : List.of("daemonset", "hostnetwork")) {
      applied(api, daemons, Shipped.overlay(api, daemons));
      serves(api, "weir", "daemonset/weir");
      clear(api, "weir");
    }
    var all =
        List.of("webhook", "webhook/cert-manager", "autoscaling", "network-policy", "monitoring");
    applied(api, "loadbalancer and components", Shipped.overlay(api, "loadbalancer", all));
    api.kubectl("get", "podmonitor/weir", "configmap/weir-dashboard", "-n", "weir");
    clear(api, "weir");
    applied(api, "with webhook", Shipped.overlay(api, "deployment-with-webhook"));
    clear(api, "weir");
    api.kubectl("delete", "validatingwebhookconfiguration", "--all");
  }

  /** All objects are taken, and no warning comes but for what host ports can't do without. */
  private static void applied(RealApiServer api, String what, String manifests) {
    var answer = api.applyOnServer(manifests);
    assertThat(answer.lines().filter(line -> line.endsWith(" serverside-applied")))
        .as(what)
        .hasSize((int) KIND.matcher(manifests).results().count());
    if (!HOST_PORTS.matcher(manifests).find()) {
      assertThat(answer).as(what).doesNotContain("Warning:");
    }
    System.out.println("applied: " + what);
  }

  /** A namespace's deletion would never end here. */
  private static void clear(RealApiServer api, String namespace) {
    for (var kinds : NAMESPACED) {
      api.kubectl("delete", kinds, "--all", "-n", namespace);
    }
  }

  private static void serves(RealApiServer api, String namespace, String workload)
      throws IOException {
    serving(api, namespace, workload).kill();
  }

  private static WeirProcess serving(RealApiServer api, String namespace, String workload)
      throws IOException {
    var container = Container.of(api, namespace, workload);
    var weir = container.start().ready();
    assertThat(uid(weir)).isEqualTo("101");
    assertThat(get(Wire.to(new InetSocketAddress(NODE, 80)))).isEqualTo("shop");
    assertThat(get(Wire.tls(new InetSocketAddress(NODE, 443), "shop.test"))).isEqualTo("shop");
    assertThat(container.probes()).hasSize(3);
    for (var probe : container.probes()) {
      int slash = probe.indexOf('/');
      var address = new InetSocketAddress(NODE, Integer.parseInt(probe.substring(0, slash)));
      try (var wire = Wire.to(address)) {
        assertThat(wire.get("probe", probe.substring(slash)).status()).isEqualTo(200);
      }
    }
    System.out.println("served: " + namespace + " " + workload);
    return weir;
  }

  private static void endsInOrder(WeirProcess weir) {
    weir.log().expect(PodsScenario.NO_HARDWARE_ADDRESS);
    weir.terminate();
    assertThat(weir.exitCode()).isZero();
    weir.assertNoProblems();
  }

  private static String uid(WeirProcess weir) throws IOException {
    var status = Path.of("/proc", Long.toString(weir.pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> line.split("\\s+", -1)[1])
        .findFirst()
        .orElseThrow();
  }

  private static String get(Wire connection) {
    try (connection) {
      return String.valueOf(connection.get("shop.test", "/").backend());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
