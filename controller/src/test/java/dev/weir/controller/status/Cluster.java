package dev.weir.controller.status;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.apiserver.ApiRequest;
import dev.weir.e2e.apiserver.FakeApiServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** An API server with an IngressClass of ours and one of others, and questions to it. */
final class Cluster implements AutoCloseable {
  final FakeApiServer server = FakeApiServer.started();

  Cluster() {
    server.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx}
        spec: {controller: k8s.io/ingress-nginx}
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: other}
        spec: {controller: example.com/other}
        """);
  }

  static void until(Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(60))
        .until(condition);
  }

  /** Creates or replaces an Ingress of {@code default}. */
  void ingress(String name, String ofClass, String host, String annotations) {
    server.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: %s, namespace: default, labels: {app: shop}, annotations: {%s}}
        spec:
          ingressClassName: %s
          rules:
          - host: %s
            http:
              paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
        """
            .formatted(name, annotations, ofClass, host));
  }

  void ingress(String name) {
    ingress(name, "nginx", name + ".example.com", "team: shop");
  }

  /** A pod of the controller, on the node {@code node-NAME}. */
  void pod(String name, String phase, boolean ready) {
    server.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %1$s
          namespace: ingress
          labels:
            app: proxy
            pod-template-hash: of-%1$s
            helm.sh/chart: of-%1$s
            topology.kubernetes.io/region: of-%1$s
            topology.kubernetes.io/zone: of-%1$s
        spec: {nodeName: node-%1$s}
        status:
          phase: %2$s
          hostIP: 192.0.2.200
          conditions: [{type: Ready, status: "%3$s"}]
        """
            .formatted(name, phase, ready ? "True" : "False"));
  }

  void node(String name, String addresses) {
    server.apply(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s}
        status: {addresses: [%s]}
        """
            .formatted(name, addresses));
  }

  /** The Ingress' status, as {@code ip} and {@code hostname} of each entry. */
  List<String> status(String ingress) {
    var entries = new ArrayList<String>();
    Objects.requireNonNull(server.get("ingresses", "default", ingress))
        .at("/status/loadBalancer/ingress")
        .forEach(entry -> entries.add(entry.path("ip").asText() + entry.path("hostname").asText()));
    return entries;
  }

  void awaitStatus(String ingress, String... addresses) {
    until(() -> status(ingress).equals(List.of(addresses)));
  }

  /** Somebody else writes a status. */
  void writeStatus(String ingress, String ip) {
    var object =
        (ObjectNode) Objects.requireNonNull(server.get("ingresses", "default", ingress)).deepCopy();
    object
        .withObjectProperty("status")
        .withObjectProperty("loadBalancer")
        .putArray("ingress")
        .addObject()
        .put("ip", ip);
    object.withObjectProperty("metadata").remove("resourceVersion");
    server.apply(object);
  }

  /** Who wrote a status, by the names of their pods, once for each write. */
  List<String> statusWriters() {
    return server.requests("update", "ingresses").stream().map(Cluster::sender).toList();
  }

  static String sender(ApiRequest request) {
    return request.headers().getOrDefault("authorization", "").replace("Bearer ", "");
  }

  /** Changes to anything, by any verb. */
  int writes() {
    return server.count("create", "") + server.count("update", "") + server.count("patch", "");
  }

  /** Events that were created, as {@code type reason object: message}. */
  List<String> events() {
    return server.requests("create", "events").stream()
        .map(ApiRequest::body)
        .map(Cluster::line)
        .toList();
  }

  private static String line(JsonNode event) {
    return "%s %s %s %s: %s"
        .formatted(
            event.path("type").asText(),
            event.path("reason").asText(),
            event.at("/involvedObject/kind").asText(),
            event.at("/involvedObject/name").asText(),
            event.path("message").asText());
  }

  @Override
  public void close() {
    server.close();
  }
}
