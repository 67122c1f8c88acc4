package dev.weir.dataplane.model;

import java.util.List;

/** Where a Service port's requests go. */
public record Upstream(UpstreamId id, Target target, LoadBalancing balancing) {

  /** What an upstream consists of. */
  public sealed interface Target {
    /** Pod addresses; empty means 503. */
    record Endpoints(List<Endpoint> endpoints) implements Target {
      public Endpoints {
        endpoints = List.copyOf(endpoints);
      }
    }

    /**
     * An ExternalName Service: every address of a name, looked up again by TTL.
     *
     * @param host without trailing dot
     */
    record DnsName(String host, int port) implements Target {}
  }

  /** How an endpoint is chosen. */
  public enum LoadBalancing {
    ROUND_ROBIN
  }
}
