package dev.weir.dataplane.model;

import dev.weir.tls.ServerCertificate;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole table, for printing and comparing; made on demand, never on a change's path.
 *
 * @param certificates by host pattern, without the default certificate
 */
public record RoutingTable(
    SortedMap<HostPattern, VirtualHost> hosts,
    SortedMap<String, Upstream> upstreams,
    SortedMap<HostPattern, ServerCertificate> certificates,
    ProxySettings settings) {

  public RoutingTable {
    hosts = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(hosts));
    upstreams = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(upstreams));
    certificates = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(certificates));
  }
}
