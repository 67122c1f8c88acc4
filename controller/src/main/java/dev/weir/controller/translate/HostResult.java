package dev.weir.controller.translate;

import dev.weir.controller.resource.Finding;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.tls.ServerCertificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that one host comes to.
 *
 * @param host empty if no Ingress of ours makes this host
 * @param certificate what SNI of exactly this host's pattern is answered with; empty where the
 *     wildcard parent's or the default certificate does
 * @param upstreams what its routes forward to
 * @param findings without repetitions, in the order of Ingresses
 */
public record HostResult(
    Optional<VirtualHost> host,
    Optional<ServerCertificate> certificate,
    Set<UpstreamId> upstreams,
    List<Finding> findings) {
  public HostResult {
    upstreams = Set.copyOf(upstreams);
    findings = List.copyOf(findings);
  }
}
