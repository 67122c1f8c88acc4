package dev.weir.controller.resource;

import java.util.Comparator;

/**
 * An entry of {@code status.loadBalancer.ingress} of an Ingress or a Service: where clients reach
 * it. Ordered by host name, then address, as ingress-nginx writes them.
 *
 * @param ip empty if absent
 * @param hostname empty if absent
 */
public record LoadBalancerAddress(String ip, String hostname)
    implements Comparable<LoadBalancerAddress> {
  private static final Comparator<LoadBalancerAddress> ORDER =
      Comparator.comparing(LoadBalancerAddress::hostname).thenComparing(LoadBalancerAddress::ip);

  /** An address without host name. */
  public static LoadBalancerAddress ofIp(String ip) {
    return new LoadBalancerAddress(ip, "");
  }

  /** A host name without address. */
  public static LoadBalancerAddress ofHostname(String hostname) {
    return new LoadBalancerAddress("", hostname);
  }

  @Override
  public int compareTo(LoadBalancerAddress other) {
    return ORDER.compare(this, other);
  }
}
