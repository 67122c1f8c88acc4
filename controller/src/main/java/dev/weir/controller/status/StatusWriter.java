package dev.weir.controller.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.source.ApiCalls;
import dev.weir.controller.source.ApiFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the status of one Ingress: reads the object, puts the addresses into it and replaces its
 * status subresource whole (PUT), which the API server takes only if nobody changed the object in
 * between. The rights that ingress-nginx has allow no PATCH.
 *
 * <p>Owned by one thread at a time.
 */
final class StatusWriter {
  private static final int TRIES = 5;

  private final ApiCalls calls;
  private final Leadership leadership;
  private final ReportMetrics metrics;

  StatusWriter(ApiCalls calls, Leadership leadership, ReportMetrics metrics) {
    this.calls = calls;
    this.leadership = leadership;
    this.metrics = metrics;
  }

  /** What became of it. */
  enum Outcome {
    /** The status is as asked now. */
    WRITTEN,
    /** The status was as asked. */
    SAME,
    /** The Ingress is gone. */
    GONE,
    /** Others write to this Ingress without pause. */
    CONTENDED,
    /** We may not write now. */
    NOT_NOW
  }

  /**
   * Writes it, unless it is so already.
   *
   * @param addresses sorted
   * @throws ApiFailure if the API server refuses or doesn't answer
   */
  Outcome write(ObjectRef ingress, List<LoadBalancerAddress> addresses)
      throws ApiFailure, InterruptedException {
    var path =
        "/apis/networking.k8s.io/v1/namespaces/%s/ingresses/%s"
            .formatted(ingress.key().namespace(), ingress.key().name());
    for (int i = 0; i < TRIES; i++) {
      if (!leadership.confirm()) {
        return Outcome.NOT_NOW;
      }
      try {
        var object = calls.get(path);
        if (!object.path("metadata").path("uid").asText().equals(ingress.uid())) {
          return Outcome.GONE;
        }
        if (shown(object).equals(addresses)) {
          return Outcome.SAME;
        }
        show(object, addresses);
        if (!leadership.leads()) {
          return Outcome.NOT_NOW;
        }
        calls.replace(path + "/status", object);
        metrics.statusWritten.increment();
        return Outcome.WRITTEN;
      } catch (ApiFailure e) {
        switch (e.code()) {
          case Codes.NOT_FOUND -> {
            return Outcome.GONE;
          }
          case Codes.CONFLICT -> metrics.statusConflicts.increment();
          default -> throw e;
        }
      }
    }
    return Outcome.CONTENDED;
  }

  private static List<LoadBalancerAddress> shown(JsonNode ingress) {
    var shown = new ArrayList<LoadBalancerAddress>();
    for (var entry : ingress.path("status").path("loadBalancer").path("ingress")) {
      shown.add(
          new LoadBalancerAddress(entry.path("ip").asText(""), entry.path("hostname").asText("")));
    }
    return shown;
  }

  private static void show(ObjectNode ingress, List<LoadBalancerAddress> addresses) {
    var balancer = ingress.withObjectProperty("status").withObjectProperty("loadBalancer");
    balancer.remove("ingress");
    if (addresses.isEmpty()) {
      return;
    }
    var list = balancer.putArray("ingress");
    for (var address : addresses) {
      var entry = list.addObject();
      if (!address.ip().isEmpty()) {
        entry.put("ip", address.ip());
      }
      if (!address.hostname().isEmpty()) {
        entry.put("hostname", address.hostname());
      }
    }
  }
}
