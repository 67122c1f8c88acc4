package dev.weir.dataplane.model;

import java.util.List;

/**
 * The routes of a host. Every virtual host has a {@code Prefix /}, or the regular expression {@code
 * /}, so that a request that reaches it finds a route.
 *
 * @param tls what certificate it shows, for people: {@code default/shop-cert}, {@code default
 *     certificate}; empty if the host has no TLS
 * @param ciphers how TLS is spoken with clients that name this host
 * @param routes ordered by {@link PathMatch}, no two with equal matches
 */
public record VirtualHost(
    HostPattern pattern, String tls, CipherChoice ciphers, List<Route> routes) {
  public VirtualHost {
    routes = List.copyOf(routes);
  }

  /** One with whom TLS is spoken as with all others. */
  public VirtualHost(HostPattern pattern, String tls, List<Route> routes) {
    this(pattern, tls, CipherChoice.USUAL, routes);
  }

  /** The same with its routes in another order. */
  public VirtualHost ordered(List<Route> inOrder) {
    return new VirtualHost(pattern, tls, ciphers, inOrder);
  }
}
