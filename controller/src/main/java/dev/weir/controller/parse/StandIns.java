package dev.weir.controller.parse;

import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.EndpointsResource.Address;
import dev.weir.controller.resource.EndpointsResource.Group;
import dev.weir.controller.resource.EndpointsResource.Port;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.resource.ServiceResource.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Endpoints for Services of a folder of manifests, where nobody runs pods:
 *
 * <ul>
 *   <li>the annotation {@code weir.dev/endpoints: "127.0.0.1:9001,[::1]:9002"}: every port of the
 *       Service leads to these addresses, unless the folder has an EndpointSlice or Endpoints of
 *       the Service;
 *   <li>{@code externalName: localhost}: 127.0.0.1 at the Service's target ports.
 * </ul>
 *
 * <p>In a cluster neither has an effect: there, a Service must not lead to the controller's own
 * loopback addresses.
 */
final class StandIns {
  static final String ANNOTATION = "weir.dev/endpoints";

  private static final int MOST = 1000;

  /** The Service, and its endpoints unless endpoint objects say otherwise. */
  record StandIn(ServiceResource service, Optional<EndpointsResource> endpoints) {}

  private record IpPort(String ip, int port) {}

  private StandIns() {}

  static StandIn of(Field object, ServiceResource service) {
    if (service.meta().annotations().containsKey(ANNOTATION)) {
      return new StandIn(service, object.attempt(field -> annotated(field, service)));
    }
    if (service.type() == Type.EXTERNAL_NAME && service.externalName().equals("localhost")) {
      return object
          .attempt(field -> localhost(field, service))
          .orElse(new StandIn(service, Optional.empty()));
    }
    return new StandIn(service, Optional.empty());
  }

  private static EndpointsResource annotated(Field object, ServiceResource service)
      throws BadField {
    var field = object.get("metadata").get("annotations").get(ANNOTATION);
    if (service.type() == Type.EXTERNAL_NAME) {
      throw field.bad("has no effect on a Service of type ExternalName", "leave out the type");
    }
    if (service.ports().isEmpty()) {
      throw field.bad("has no effect on a Service without ports", "add spec.ports");
    }
    var entries = service.meta().annotations().getOrDefault(ANNOTATION, "").split(",", -1);
    if (entries.length > MOST) {
      throw field.bad("has more than " + MOST + " addresses", "write an EndpointSlice");
    }
    var groups = new ArrayList<Group>();
    for (var entry : entries) {
      var endpoint = ipPort(entry.strip());
      if (endpoint.isEmpty()) {
        throw field.bad(
            Syntax.quoted(entry) + " is not an address with a port",
            "write it like 127.0.0.1:9001 or [::1]:9001, with commas between several");
      }
      groups.add(group(service.ports(), endpoint.get()));
    }
    return endpoints(service, groups);
  }

  private static Group group(List<ServiceResource.Port> servicePorts, IpPort endpoint) {
    var ports =
        servicePorts.stream()
            .map(port -> new Port(port.name(), endpoint.port(), port.protocol()))
            .toList();
    return new Group(ports, List.of(address(endpoint.ip())));
  }

  private static StandIn localhost(Field object, ServiceResource service) throws BadField {
    if (service.ports().isEmpty()) {
      throw object
          .get("spec")
          .get("ports")
          .bad("is missing, so it is not known which port of localhost is meant", "add the port");
    }
    var ports = new ArrayList<Port>();
    for (var port : service.ports()) {
      if (port.targetPort().chars().allMatch(c -> c >= '0' && c <= '9')) {
        ports.add(new Port(port.name(), Integer.parseInt(port.targetPort()), port.protocol()));
      } else {
        object
            .get("spec")
            .get("ports")
            .warn(
                "names the target port "
                    + Syntax.quoted(port.targetPort())
                    + ", which localhost can't tell",
                "write its number");
      }
    }
    var group = new Group(ports, List.of(address("127.0.0.1")));
    var plain = new ServiceResource(service.meta(), Type.CLUSTER_IP, "", "None", service.ports());
    return new StandIn(plain, Optional.of(endpoints(service, List.of(group))));
  }

  private static EndpointsResource endpoints(ServiceResource service, List<Group> groups) {
    var key = service.key();
    // A name that no endpoint object of a cluster has.
    var name = key.name() + ".weir.dev";
    var ref = new ObjectRef(new ObjectKey(Kind.ENDPOINTS, key.namespace(), name), "");
    var meta = new Meta(ref, service.meta().created(), "", false, Map.of(), Map.of());
    return new EndpointsResource(meta, key.name(), groups);
  }

  private static Address address(String ip) {
    return new Address(ip, true, true, false, "", "");
  }

  private static Optional<IpPort> ipPort(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[1-9][0-9]{0,4}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    var host = text.substring(0, colon);
    boolean v6 = host.startsWith("[") && host.endsWith("]");
    var ip = Syntax.ip(v6 ? host.substring(1, host.length() - 1) : host);
    return ip.filter(address -> address.contains(":") == v6 && port <= 65535)
        .map(address -> new IpPort(address, port));
  }
}
