package dev.weir.controller.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.source.ApiCalls;
import dev.weir.controller.source.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The addresses of the nodes on which the controller's pods are running and ready. Our own pod
 * counts as ready before the cluster says so, since this is asked only by a replica that serves: so
 * a restart doesn't take an address away that is needed the next moment.
 *
 * <p>Where pods may not be listed nothing is known. Where nodes may not be read, the address at
 * which the kubelet reports a pod's node stands in.
 *
 * <p>Owned by the status thread.
 */
final class NodeAddresses implements AddressSource {
  private static final String RULE = "{apiGroups: [\"\"], resources: [\"%s\"], verbs: [\"%s\"]}";

  private final ApiCalls calls;
  private final Replicas replicas;
  private final boolean internal;
  private final Complaint pods = new Complaint("Finding the nodes of the controller's pods");
  private final Complaint nodes = new Complaint("Reading nodes");

  /**
   * @param internal {@code --report-node-internal-ip-address}
   */
  NodeAddresses(ApiCalls calls, Replicas replicas, boolean internal) {
    this.calls = calls;
    this.replicas = replicas;
    this.internal = internal;
  }

  @Override
  public Optional<List<LoadBalancerAddress>> addresses() throws ApiFailure, InterruptedException {
    List<Replicas.Replica> all;
    try {
      all = replicas.list();
    } catch (ApiFailure e) {
      pods.failed(
          e,
          "list pods, whose nodes' addresses are those of Ingresses",
          RULE.formatted("pods", "list"),
          "no Ingress status is written; --publish-service and --publish-status-address need no"
              + " such right");
      if (e.code() == Codes.FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
    var hosts = new TreeSet<String>();
    var found = new ArrayList<LoadBalancerAddress>();
    for (var replica : all) {
      boolean serves = replica.running() && !replica.ends() && (replica.ready() || replica.self());
      if (serves && !replica.node().isEmpty() && hosts.add(replica.node())) {
        var address = address(replica);
        if (!address.isEmpty()) {
          found.add(LoadBalancerAddress.ofIp(address));
        }
      }
    }
    // We serve, so an empty list means that too little is known.
    if (found.isEmpty()) {
      pods.say(
          all.isEmpty()
              ? "There is no pod "
                  + replicas.self()
                  + ", which POD_NAMESPACE and POD_NAME name; its node's address is that of"
                  + " Ingresses, so no Ingress status is written until there is"
              : "No node of the controller's running pods has an address; no Ingress status is"
                  + " written until one has");
      return Optional.empty();
    }
    pods.over();
    return Optional.of(found);
  }

  private String address(Replicas.Replica replica) throws ApiFailure, InterruptedException {
    try {
      var node = calls.get("/api/v1/nodes/" + replica.node());
      nodes.over();
      return address(node.path("status").path("addresses"));
    } catch (ApiFailure e) {
      if (e.code() == Codes.FORBIDDEN) {
        nodes.failed(
            e,
            "get nodes",
            RULE.formatted("nodes", "get"),
            "the addresses that pods name as their hosts' stand in for them");
        return replica.hostIp();
      }
      if (e.code() == Codes.NOT_FOUND) {
        return replica.hostIp();
      }
      throw e;
    }
  }

  private String address(JsonNode addresses) {
    var own = first(addresses, "InternalIP");
    var external = internal ? "" : first(addresses, "ExternalIP");
    return external.isEmpty() ? own : external;
  }

  private static String first(JsonNode addresses, String type) {
    for (var address : addresses) {
      if (address.path("type").asText().equals(type)
          && !address.path("address").asText().isEmpty()) {
        return address.path("address").asText();
      }
    }
    return "";
  }
}
