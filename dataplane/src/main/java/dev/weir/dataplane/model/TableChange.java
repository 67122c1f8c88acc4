package dev.weir.dataplane.model;

import dev.weir.tls.ServerCertificate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is different from the table that serves: only what changed. Applied whole or not at all.
 *
 * @param hosts new or changed virtual hosts
 * @param upstreams new or changed upstreams; one that only gets other endpoints is an endpoint
 *     change and touches nothing but its picker
 * @param settings empty if they stay as they are
 */
public record TableChange(
    Map<HostPattern, VirtualHost> hosts,
    Set<HostPattern> removedHosts,
    Map<UpstreamId, Upstream> upstreams,
    Set<UpstreamId> removedUpstreams,
    Certificates certificates,
    Optional<ProxySettings> settings) {

  public TableChange {
    hosts = Map.copyOf(hosts);
    removedHosts = Set.copyOf(removedHosts);
    upstreams = Map.copyOf(upstreams);
    removedUpstreams = Set.copyOf(removedUpstreams);
  }

  /**
   * Changes of certificates.
   *
   * @param put by the host pattern whose server name they answer
   * @param defaultCertificate for every other server name, and for none; empty if it stays
   */
  public record Certificates(
      Map<HostPattern, ServerCertificate> put,
      Set<HostPattern> removed,
      Optional<ServerCertificate> defaultCertificate) {
    /** No change. */
    public static final Certificates NONE = new Certificates(Map.of(), Set.of(), Optional.empty());

    public Certificates {
      put = Map.copyOf(put);
      removed = Set.copyOf(removed);
    }
  }

  /** Whether nothing changed. */
  public boolean isEmpty() {
    return hosts.isEmpty()
        && removedHosts.isEmpty()
        && upstreams.isEmpty()
        && removedUpstreams.isEmpty()
        && certificates.equals(Certificates.NONE)
        && settings.isEmpty();
  }
}
