package dev.weir.controller.resource;

import java.util.List;

/**
 * A Service.
 *
 * @param type {@code spec.type}
 * @param externalName {@code spec.externalName} without trailing dot; empty unless {@link
 *     Type#EXTERNAL_NAME}
 * @param clusterIp {@code spec.clusterIP}; {@code None} for headless, empty if absent
 * @param external where it is reached from outside
 */
public record ServiceResource(
    Meta meta,
    Type type,
    String externalName,
    String clusterIp,
    List<Port> ports,
    External external)
    implements Resource {

  public ServiceResource {
    ports = List.copyOf(ports);
  }

  /** One that isn't reached from outside. */
  public ServiceResource(
      Meta meta, Type type, String externalName, String clusterIp, List<Port> ports) {
    this(meta, type, externalName, clusterIp, ports, External.NONE);
  }

  /**
   * Where it is reached from outside the cluster.
   *
   * @param ips {@code spec.externalIPs}
   * @param loadBalancer {@code status.loadBalancer.ingress}
   */
  public record External(List<String> ips, List<LoadBalancerAddress> loadBalancer) {
    /** Nowhere. */
    public static final External NONE = new External(List.of(), List.of());

    public External {
      ips = List.copyOf(ips);
      loadBalancer = List.copyOf(loadBalancer);
    }
  }

  /** Whether the cluster gives it an address of its own: it is neither headless nor a name. */
  public boolean hasAddress() {
    return type != Type.EXTERNAL_NAME && !clusterIp.isEmpty() && !clusterIp.equals("None");
  }

  /** {@code spec.type}. */
  public enum Type {
    CLUSTER_IP,
    NODE_PORT,
    LOAD_BALANCER,
    EXTERNAL_NAME
  }

  /**
   * An entry of {@code spec.ports}.
   *
   * @param name empty for a single unnamed port
   * @param targetPort number or name as text; the port itself where absent
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   */
  public record Port(String name, int port, String targetPort, String protocol) {}
}
