package dev.weir.controller.parse;

import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.EndpointsResource.Address;
import dev.weir.controller.resource.EndpointsResource.Group;
import dev.weir.controller.resource.EndpointsResource.Port;
import dev.weir.controller.resource.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * EndpointSlice of {@code discovery.k8s.io} v1 and v1beta1, and Endpoints of core/v1. A bad
 * endpoint, port or subset loses only itself.
 */
final class EndpointsParser {
  /** Set by whoever makes a slice; the only way to tell whose it is. */
  static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private static final String ZONE = "topology.kubernetes.io/zone";

  private EndpointsParser() {}

  static EndpointsResource slice(Field object, Meta meta) throws BadField {
    var labels = object.get("metadata").get("labels");
    var service = labels.peek(SERVICE_LABEL) instanceof Tree.Scalar(_, var text, _, _) ? text : "";
    if (service.isEmpty()) {
      labels.warn(
          "have no " + SERVICE_LABEL + ", so the slice belongs to no Service",
          "add the label with the name of the Service");
      return new EndpointsResource(meta, "", List.of());
    }
    var family = object.get("addressType").text("");
    if (family.equals("FQDN")) {
      object
          .get("addressType")
          .warn("FQDN is not served; the slice is ignored", "use a Service of type ExternalName");
      return new EndpointsResource(meta, service, List.of());
    }
    if (!family.equals("IPv4") && !family.equals("IPv6")) {
      throw object.get("addressType").bad("is not IPv4 or IPv6", "");
    }
    var ports = ports(object.get("ports"));
    var endpoints = object.get("endpoints").each(endpoint -> endpoint(endpoint, family));
    var addresses = endpoints.stream().flatMap(List::stream).toList();
    return new EndpointsResource(meta, service, List.of(new Group(ports, addresses)));
  }

  private static List<Address> endpoint(Field endpoint, String family) throws BadField {
    var conditions = endpoint.get("conditions");
    boolean ready = conditions.get("ready").bool(true);
    boolean serving = conditions.get("serving").bool(ready);
    boolean terminating = conditions.get("terminating").bool(false);
    var podUid = endpoint.get("targetRef").get("uid").text("");
    var zone = endpoint.get("zone").text("");
    // v1beta1 calls it topology; it survives in v1 objects as deprecatedTopology.
    for (var older : List.of("topology", "deprecatedTopology")) {
      zone = zone.isEmpty() ? endpoint.get(older).get(ZONE).text("") : zone;
    }
    var addresses = new ArrayList<Address>();
    endpoint.get("addresses").required();
    for (var ip : endpoint.get("addresses").each(address -> ip(address, family))) {
      addresses.add(new Address(ip, ready, serving, terminating, podUid, zone));
    }
    return addresses;
  }

  private static String ip(Field field, String family) throws BadField {
    var ip = Syntax.ip(field.text());
    if (ip.isEmpty() || (!family.isEmpty() && ip.get().contains(":") != family.equals("IPv6"))) {
      throw field.bad(
          field.shown() + " is not an " + (family.isEmpty() ? "IP" : family) + " address", "");
    }
    return ip.get();
  }

  static EndpointsResource endpoints(Field object, Meta meta) throws BadField {
    var groups = object.get("subsets").each(EndpointsParser::subset);
    return new EndpointsResource(meta, meta.ref().key().name(), groups);
  }

  private static Group subset(Field subset) throws BadField {
    var addresses = new ArrayList<>(subset.get("addresses").each(field -> address(field, true)));
    addresses.addAll(subset.get("notReadyAddresses").each(field -> address(field, false)));
    return new Group(ports(subset.get("ports")), addresses);
  }

  private static Address address(Field field, boolean ready) throws BadField {
    var ip = ip(field.get("ip"), "");
    var podUid = field.get("targetRef").get("uid").text("");
    return new Address(ip, ready, ready, false, podUid, "");
  }

  /** A port without a number, which means all ports, leads nowhere: it is left out. */
  private static List<Port> ports(Field field) throws BadField {
    return field.each(EndpointsParser::port).stream().flatMap(Optional::stream).toList();
  }

  private static Optional<Port> port(Field field) throws BadField {
    if (field.get("port").absent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Port(
            field.get("name").text(""),
            field.get("port").port(),
            ServiceParser.protocol(field.get("protocol"))));
  }
}
