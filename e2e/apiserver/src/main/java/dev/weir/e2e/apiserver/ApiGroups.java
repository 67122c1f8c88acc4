package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which resources are served in which group versions. */
final class ApiGroups {
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("ingresses", "Ingress"),
          Map.entry("ingressclasses", "IngressClass"),
          Map.entry("services", "Service"),
          Map.entry("endpoints", "Endpoints"),
          Map.entry("endpointslices", "EndpointSlice"),
          Map.entry("secrets", "Secret"),
          Map.entry("configmaps", "ConfigMap"),
          Map.entry("namespaces", "Namespace"),
          Map.entry("pods", "Pod"),
          Map.entry("nodes", "Node"),
          Map.entry("events", "Event"),
          Map.entry("leases", "Lease"));
  private static final Set<String> CLUSTER_SCOPED = Set.of("ingressclasses", "namespaces", "nodes");

  private final Map<String, List<String>> served = new ConcurrentHashMap<>();

  ApiGroups() {
    served.put(
        "v1",
        List.of(
            "services",
            "endpoints",
            "secrets",
            "configmaps",
            "namespaces",
            "pods",
            "nodes",
            "events"));
    served.put("networking.k8s.io/v1", List.of("ingresses", "ingressclasses"));
    served.put("discovery.k8s.io/v1", List.of("endpointslices"));
    served.put("coordination.k8s.io/v1", List.of("leases"));
    served.put("events.k8s.io/v1", List.of("events"));
  }

  void serve(String groupVersion, List<String> resources) {
    resources.forEach(ApiGroups::kind);
    served.put(groupVersion, List.copyOf(resources));
  }

  void withdraw(String groupVersion) {
    served.remove(groupVersion);
  }

  boolean serves(ApiRequest request) {
    return served.getOrDefault(request.groupVersion(), List.of()).contains(request.resource());
  }

  static boolean namespaced(String resource) {
    return !CLUSTER_SCOPED.contains(resource);
  }

  static String kind(String resource) {
    var kind = KINDS.get(resource);
    if (kind == null) {
      throw new IllegalArgumentException("The fake API server knows no resource " + resource);
    }
    return kind;
  }

  static String resource(String kind) {
    return KINDS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(kind))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("The fake API server knows no kind " + kind));
  }

  /** The document of a group version; null where it isn't served. */
  @Nullable ObjectNode document(String groupVersion) {
    var resources = served.get(groupVersion);
    if (resources == null) {
      return null;
    }
    var document = Json.MAPPER.createObjectNode();
    document
        .put("kind", "APIResourceList")
        .put("apiVersion", "v1")
        .put("groupVersion", groupVersion);
    var list = document.putArray("resources");
    for (var resource : resources) {
      list.addObject()
          .put("name", resource)
          .put("namespaced", namespaced(resource))
          .put("kind", kind(resource))
          .putArray("verbs")
          .add("get")
          .add("list")
          .add("watch");
    }
    return document;
  }
}
