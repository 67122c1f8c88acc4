package dev.weir.dataplane.model;

/**
 * The stable name of an upstream: a port of a Service. Pools, round-robin position and health hang
 * on it.
 *
 * @param port as the Ingress names it: number or name
 * @param reach which addresses stand behind it
 */
public record UpstreamId(String namespace, String service, String port, Reach reach) {
  /** Which addresses stand behind a name. */
  public enum Reach {
    /** The Service's endpoints. */
    ENDPOINTS,
    /** The Service's own address alone, behind which the cluster chooses. */
    SERVICE
  }

  /** The Service's endpoints. */
  public UpstreamId(String namespace, String service, String port) {
    this(namespace, service, port, Reach.ENDPOINTS);
  }

  /** {@code namespace-service-port}, ingress-nginx's {@code $proxy_upstream_name}. */
  public String name() {
    return namespace + "-" + service + "-" + port;
  }

  @Override
  public String toString() {
    var name = namespace + "/" + service + ":" + port;
    return reach == Reach.SERVICE ? name + "(service)" : name;
  }
}
