package dev.weir.dataplane.model;

/**
 * The stable name of an upstream: a port of a Service. Pools, round-robin position and health hang
 * on it.
 *
 * @param port as the Ingress names it: number or name
 */
public record UpstreamId(String namespace, String service, String port) {
  /** {@code namespace-service-port}, ingress-nginx's {@code $proxy_upstream_name}. */
  public String name() {
    return namespace + "-" + service + "-" + port;
  }

  @Override
  public String toString() {
    return namespace + "/" + service + ":" + port;
  }
}
