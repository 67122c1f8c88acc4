package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two replicas with the rights that manifests give them, on a real API server: the Lease, the
 * status of Ingresses, Events, and what of the rights they used.
 */
public final class ReportScenario implements Scenario {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Rights rights = Rights.chosen();

  @Override
  public void play() throws Exception {
    try (var one = Backend.listen("one", Script.echo(), RealApiServerScenario.POD_1, 8080);
        var api = new RealApiServer(RealApiServerScenario.NODE)) {
      assertThat(one.name()).isEqualTo("one");
      rights.give(api);
      api.apply(service() + Objects.ingress("shop", "shop.test", "shop"));
      api.kubectl("label", "ingress", "shop", "team=edge");
      api.apply(bad());
      pod(api, "weir-0", "192.0.2.7");
      var kubeconfig =
          api.kubeconfigOf(rights.namespace(), rights.account(), api.port()).toString();
      if (!rights.publishesNodes()) {
        patchStatus(
            api,
            rights.namespace(),
            "service/weir-controller",
            "{\"loadBalancer\": {\"ingress\": [{\"ip\": \"192.0.2.7\"}]}}");
      }
      var first = launch("weir-0", kubeconfig);
      WeirProcess.eventually("leader", () -> holder(api), "weir-0"::equals);
      status(api);
      events(api);
      if (rights.publishesNodes()) {
        secondReplica(api, first, kubeconfig);
      } else {
        end(first);
      }
      assertThat(addresses(api, "shop")).isEmpty();
      assertThat(addresses(api, "bad")).isEmpty();
      assertThat(used(api)).isEqualTo(granted(api));
    }
  }

  private WeirProcess launch(String pod, String kubeconfig) {
    var flags =
        new ArrayList<>(
            List.of(
                "--bind-address=127.0.0.1",
                "--http-port=0",
                "--https-port=0",
                "--healthz-host=127.0.0.1",
                "--healthz-port=0",
                "--kubeconfig=" + kubeconfig,
                "--election-ttl=10s"));
    flags.addAll(rights.flags());
    var weir = Cluster.asPod(rights.namespace(), pod, flags);
    weir.log().expect(PodsScenario.NO_HARDWARE_ADDRESS);
    return weir.ready();
  }

  private static String service() {
    return Objects.service("shop", List.of(RealApiServerScenario.POD_1), 8080)
        .replace("clusterIP: 10.96.0.10", "type: ClusterIP");
  }

  private static String bad() {
    return Ingress.named("bad")
        .host("bad.test")
        .setting("proxy-body-size", "a lot")
        .prefix("/", "nowhere")
        .yaml();
  }

  private void pod(RealApiServer api, String name, String nodeIp) {
    var node = "node-of-" + name;
    api.apply(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %1$s}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: %2$s
          namespace: %3$s
          labels: {app.kubernetes.io/name: weir, pod-template-hash: of-%2$s}
        spec:
          nodeName: %1$s
          securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: weir
              image: weir
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        """
            .formatted(node, name, rights.namespace()));
    patchStatus(
        api,
        "",
        "node/" + node,
        "{\"addresses\": [{\"type\": \"InternalIP\", \"address\": \"" + nodeIp + "\"}]}");
    patchStatus(
        api,
        rights.namespace(),
        "pod/" + name,
        "{\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}");
  }

  private static void patchStatus(
      RealApiServer api, String namespace, String object, String status) {
    api.kubectl(
        "patch",
        object,
        "--namespace=" + namespace,
        "--subresource=status",
        "--type=merge",
        "--patch={\"status\": " + status + "}");
  }

  private String holder(RealApiServer api) {
    return api.kubectl(
        "get",
        "leases",
        "-n",
        rights.namespace(),
        "-o",
        "jsonpath={.items[0].spec.holderIdentity}");
  }

  private static String addresses(RealApiServer api, String ingress) {
    return api.kubectl(
        "get", "ingress", ingress, "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}");
  }

  private static void status(RealApiServer api) {
    for (var ingress : List.of("shop", "bad")) {
      WeirProcess.eventually("status", () -> addresses(api, ingress), "192.0.2.7"::equals);
    }
    assertThat(api.kubectl("get", "ingress", "shop", "-o", "jsonpath={.metadata.labels.team}"))
        .isEqualTo("edge");
    api.kubectl(
        "patch",
        "ingress",
        "shop",
        "--subresource=status",
        "--type=merge",
        "--patch={\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"198.51.100.1\"}]}}}");
    WeirProcess.eventually("correction", () -> addresses(api, "shop"), "192.0.2.7"::equals);
  }

  private void events(RealApiServer api) {
    var name = rights.configMap();
    WeirProcess.eventually(
        "what kubectl describe shows",
        () -> api.kubectl("describe", "ingress", "bad"),
        text ->
            text.contains("AnnotationParsingFailed")
                && text.contains("is not valid (expected: ")
                && text.contains("nginx-ingress-controller")
                && text.contains("Scheduled for sync"));
    WeirProcess.eventually(
        "the ConfigMap's Event",
        () -> api.kubectl("describe", "configmap", name, "-n", rights.namespace()),
        text ->
            text.contains("CREATE")
                && text.contains("ConfigMap " + rights.namespace() + "/" + name));
    api.kubectl("annotate", "ingress", "shop", "example.com/touched=yes");
    WeirProcess.eventually(
        "a second Sync",
        () -> api.kubectl("get", "events", "-o", "jsonpath={.items[?(@.reason=='Sync')].count}"),
        counts -> counts.contains("2"));
  }

  private void secondReplica(RealApiServer api, WeirProcess first, String kubeconfig)
      throws IOException {
    pod(api, "weir-1", "192.0.2.8");
    var second = launch("weir-1", kubeconfig);
    assertThat(holder(api)).isEqualTo("weir-0");
    end(first);
    WeirProcess.eventually("the next leader", () -> holder(api), "weir-1"::equals);
    WeirProcess.eventually(
        "both nodes", () -> addresses(api, "shop"), "192.0.2.7 192.0.2.8"::equals);

    api.kubectl("delete", "pod", "weir-0", "-n", rights.namespace(), "--force", "--grace-period=0");
    end(second);
    assertThat(holder(api)).isEmpty();
    assertThat(addresses(api, "shop")).as("several addresses stay").isNotEmpty();

    // The last one, with one address.
    var last = launch("weir-1", kubeconfig);
    WeirProcess.eventually("one node", () -> addresses(api, "shop"), "192.0.2.8"::equals);
    end(last);
  }

  private static void end(WeirProcess weir) {
    weir.terminate();
    assertThat(weir.exitCode()).isZero();
    weir.assertNoProblems();
  }

  /** What the controller did, as {@code verb group/resource}; nothing was refused. */
  private Set<String> used(RealApiServer api) throws IOException {
    var account = "system:serviceaccount:" + rights.namespace() + ":" + rights.account();
    var used = new TreeSet<String>();
    for (var line : api.requestsOfAccounts()) {
      var entry = MAPPER.readTree(line);
      var object = entry.path("objectRef");
      if (entry.at("/user/username").asText().equals(account)
          && !object.path("resource").asText().isEmpty()) {
        assertThat(entry.at("/responseStatus/code").asInt()).as(line).isNotEqualTo(403);
        var subresource = object.path("subresource").asText();
        used.add(
            entry.path("verb").asText()
                + " "
                + object.path("apiGroup").asText()
                + "/"
                + object.path("resource").asText()
                + (subresource.isEmpty() ? "" : "/" + subresource));
      }
    }
    return used;
  }

  private static Set<String> granted(RealApiServer api) {
    var granted = new TreeSet<String>();
    var roles = api.json("get", "clusterrole,role", "-A", "-l", "app.kubernetes.io/name=weir");
    assertThat(roles.path("items").size()).isGreaterThanOrEqualTo(2);
    for (var role : roles.path("items")) {
      for (var rule : role.path("rules")) {
        each(rule, "apiGroups")
            .forEach(
                group ->
                    each(rule, "resources")
                        .forEach(
                            resource ->
                                each(rule, "verbs")
                                    .forEach(
                                        verb -> granted.add(verb + " " + group + "/" + resource))));
      }
    }
    return granted;
  }

  private static List<String> each(JsonNode rule, String field) {
    var texts = new TreeSet<String>();
    rule.path(field).forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }
}
