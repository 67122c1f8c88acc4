package dev.weir.controller.resource;

import java.util.List;

/**
 * One EndpointSlice, or one core/v1 Endpoints object turned into the same shape (each subset
 * becomes a {@link Group}; a slice has exactly one).
 *
 * @param service name of the Service they belong to, in the object's own namespace: the label
 *     {@code kubernetes.io/service-name}, or the name of an Endpoints object
 */
public record EndpointsResource(Meta meta, String service, List<Group> groups) implements Resource {

  public EndpointsResource {
    groups = List.copyOf(groups);
  }

  /** Addresses that share a list of ports. */
  public record Group(List<Port> ports, List<Address> addresses) {
    public Group {
      ports = List.copyOf(ports);
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A port of a group.
   *
   * @param name name of the Service port it belongs to; empty for an unnamed one
   */
  public record Port(String name, int port, String protocol) {}

  /**
   * One endpoint.
   *
   * @param ip IPv4 or IPv6 literal
   * @param ready {@code conditions.ready}; absent counts as true
   * @param serving {@code conditions.serving}; absent counts as {@code ready}
   * @param terminating {@code conditions.terminating}
   * @param podUid {@code targetRef.uid}; empty if absent
   * @param zone empty if absent
   */
  public record Address(
      String ip, boolean ready, boolean serving, boolean terminating, String podUid, String zone) {}
}
