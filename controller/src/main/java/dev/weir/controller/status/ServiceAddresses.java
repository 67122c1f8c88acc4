package dev.weir.controller.status;

import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ServiceResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code --publish-service}: what a Service of its type is reached at. The Service is one of those
 * that are watched anyway.
 *
 * <p>Thread rule: told by the controller thread, asked by the status thread.
 */
final class ServiceAddresses implements AddressSource {
  private final ObjectKey key;
  private final Complaint complaint = new Complaint("Publishing the addresses of a Service");
  private volatile @Nullable ServiceResource service;
  private volatile boolean told;

  ServiceAddresses(ObjectKey key) {
    this.key = key;
  }

  /** Which Service. */
  ObjectKey key() {
    return key;
  }

  /** The Service is like this now; null if there is none. */
  void is(@Nullable ServiceResource now) {
    service = now;
    told = true;
  }

  @Override
  public Optional<List<LoadBalancerAddress>> addresses() {
    if (!told) {
      return Optional.empty(); // the first table serves, and its news are on their way
    }
    var now = service;
    if (now == null) {
      complaint.say(
          "There is no "
              + key
              + ", which --publish-service names; no Ingress status is written until there is");
      return Optional.empty();
    }
    var addresses = of(now);
    if (addresses.isEmpty()) {
      // A cloud takes them away for a while, and tools delete DNS records by an empty status.
      complaint.say(
          key
              + ", which --publish-service names, has no address; the status of Ingresses stays as"
              + " it is until it has one");
      return Optional.empty();
    }
    complaint.over();
    return Optional.of(addresses);
  }

  private static List<LoadBalancerAddress> of(ServiceResource service) {
    var ips = service.external().ips().stream().map(LoadBalancerAddress::ofIp).toList();
    return switch (service.type()) {
      case EXTERNAL_NAME -> List.of(FixedAddresses.of(service.externalName()));
      case CLUSTER_IP -> clusterIp(service);
      case NODE_PORT -> ips.isEmpty() ? clusterIp(service) : ips;
      case LOAD_BALANCER -> {
        var all = new ArrayList<>(service.external().loadBalancer());
        all.addAll(ips);
        yield all;
      }
    };
  }

  private static List<LoadBalancerAddress> clusterIp(ServiceResource service) {
    return service.hasAddress()
        ? List.of(LoadBalancerAddress.ofIp(service.clusterIp()))
        : List.of();
  }
}
