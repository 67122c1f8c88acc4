package dev.weir.controller.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.controller.source.ApiCalls;
import dev.weir.controller.source.ApiFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The pods of this controller: those of its namespace with its own pod's labels, but for the labels
 * that tell one rollout, one pod of a set, or one place from another. Needs the right to list pods
 * there, and no other.
 *
 * <p>Owned by one thread at a time.
 */
final class Replicas {
  /**
   * Charts put their version on pods, too: during an upgrade there are two. Where a node is,
   * Kubernetes 1.35 and later writes on its pods.
   */
  private static final Set<String> OF_A_ROLLOUT =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "pod-template-generation",
          "helm.sh/chart",
          "app.kubernetes.io/version",
          "rollouts-pod-template-hash",
          "service.istio.io/canonical-revision",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index");

  private final ApiCalls calls;
  private final ReportSettings.Pod self;

  Replicas(ApiCalls calls, ReportSettings.Pod self) {
    this.calls = calls;
    this.self = self;
  }

  /**
   * A pod.
   *
   * @param self whether it is the one that this process runs in
   * @param node {@code spec.nodeName}; empty before it is scheduled
   * @param hostIp {@code status.hostIP}; empty if not known
   * @param running {@code status.phase} is Running
   * @param ready its condition Ready holds
   * @param ends it was told to end, or has ended
   */
  record Replica(
      boolean self, String node, String hostIp, boolean running, boolean ready, boolean ends) {}

  /** {@code NAMESPACE/NAME} of our own pod. */
  String self() {
    return self.namespace() + "/" + self.name();
  }

  /** All of them, ourselves included if there is such a pod. */
  List<Replica> list() throws ApiFailure, InterruptedException {
    var own = pods("fieldSelector", "metadata.name=" + self.name());
    if (own.isEmpty()) {
      return List.of();
    }
    var selector = selector(own.getFirst().path("metadata").path("labels"));
    // Without labels every pod of the namespace would be one.
    var pods = selector.isEmpty() ? own : pods("labelSelector", selector);
    return pods.stream().map(this::replica).toList();
  }

  private List<JsonNode> pods(String parameter, String selector)
      throws ApiFailure, InterruptedException {
    var path =
        "/api/v1/namespaces/%s/pods?%s=%s"
            .formatted(
                self.namespace(), parameter, URLEncoder.encode(selector, StandardCharsets.UTF_8));
    var pods = new ArrayList<JsonNode>();
    calls.get(path).path("items").forEach(pods::add);
    return pods;
  }

  private static String selector(JsonNode labels) {
    var kept = new TreeMap<String, String>();
    for (var label : labels.properties()) {
      if (!OF_A_ROLLOUT.contains(label.getKey())) {
        kept.put(label.getKey(), label.getValue().asText());
      }
    }
    return kept.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(","));
  }

  private Replica replica(JsonNode pod) {
    var metadata = pod.path("metadata");
    var status = pod.path("status");
    var phase = status.path("phase").asText();
    boolean ready = false;
    for (var condition : status.path("conditions")) {
      ready |=
          condition.path("type").asText().equals("Ready")
              && condition.path("status").asText().equals("True");
    }
    return new Replica(
        metadata.path("name").asText().equals(self.name()),
        pod.path("spec").path("nodeName").asText(),
        status.path("hostIP").asText(),
        phase.equals("Running"),
        ready,
        metadata.hasNonNull("deletionTimestamp")
            || phase.equals("Succeeded")
            || phase.equals("Failed"));
  }
}
