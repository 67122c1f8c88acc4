package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.IngressClassResource;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.controller.resource.SecretResource;
import dev.weir.controller.resource.ServiceResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as it would be with one Ingress in it, new or in the place of what it was. Costs
 * nothing but the lists of the hosts that are asked for.
 *
 * <p>As safe on other threads as the view behind it.
 */
final class WithCandidate implements ClusterView {
  private final ClusterView cluster;
  private final IngressResource candidate;
  private final Set<String> hosts;
  private final Set<String> otherHosts;

  WithCandidate(ClusterView cluster, IngressResource candidate) {
    this.cluster = cluster;
    this.candidate = candidate;
    this.hosts = ClusterState.hostsOf(candidate);
    this.otherHosts = ClusterState.otherHostsOf(candidate);
  }

  @Override
  public List<IngressResource> ingressesOf(String host) {
    return with(cluster.ingressesOf(host), hosts.contains(host));
  }

  @Override
  public List<IngressResource> ingressesBesides(String host) {
    return with(cluster.ingressesBesides(host), otherHosts.contains(host));
  }

  private List<IngressResource> with(List<IngressResource> ingresses, boolean added) {
    var list = new ArrayList<IngressResource>(ingresses.size() + 1);
    boolean pending = added;
    for (var ingress : ingresses) {
      if (ingress.key().equals(candidate.key())) {
        continue;
      }
      if (pending && ClusterState.OLDEST_FIRST.compare(candidate, ingress) < 0) {
        list.add(candidate);
        pending = false;
      }
      list.add(ingress);
    }
    if (pending) {
      list.add(candidate);
    }
    return list;
  }

  @Override
  public @Nullable IngressClassResource ingressClass(String name) {
    return cluster.ingressClass(name);
  }

  @Override
  public @Nullable ServiceResource service(String namespace, String name) {
    return cluster.service(namespace, name);
  }

  @Override
  public List<EndpointsResource> endpointsOf(String namespace, String service) {
    return cluster.endpointsOf(namespace, service);
  }

  @Override
  public @Nullable SecretResource secret(String namespace, String name) {
    return cluster.secret(namespace, name);
  }

  @Override
  public @Nullable ConfigMapResource configMap(String namespace, String name) {
    return cluster.configMap(namespace, name);
  }

  @Override
  public @Nullable NamespaceResource namespace(String name) {
    return cluster.namespace(name);
  }

  @Override
  public @Nullable String setting(String key) {
    return cluster.setting(key);
  }
}
