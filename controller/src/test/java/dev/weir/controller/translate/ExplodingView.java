package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.IngressClassResource;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.controller.resource.SecretResource;
import dev.weir.controller.resource.ServiceResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A view that fails when a certain Service is asked for. */
record ExplodingView(ClusterView view, String service) implements ClusterView {
  @Override
  public List<IngressResource> ingressesOf(String host) {
    return view.ingressesOf(host);
  }

  @Override
  public List<IngressResource> ingressesBesides(String host) {
    return view.ingressesBesides(host);
  }

  @Override
  public @Nullable IngressClassResource ingressClass(String name) {
    return view.ingressClass(name);
  }

  @Override
  public @Nullable ServiceResource service(String namespace, String name) {
    if (name.equals(service)) {
      throw new IllegalStateException("as if there were a defect");
    }
    return view.service(namespace, name);
  }

  @Override
  public List<EndpointsResource> endpointsOf(String namespace, String service) {
    return view.endpointsOf(namespace, service);
  }

  @Override
  public @Nullable SecretResource secret(String namespace, String name) {
    return view.secret(namespace, name);
  }

  @Override
  public @Nullable ConfigMapResource configMap(String namespace, String name) {
    return view.configMap(namespace, name);
  }

  @Override
  public @Nullable NamespaceResource namespace(String name) {
    return view.namespace(name);
  }

  @Override
  public @Nullable String setting(String key) {
    return view.setting(key);
  }
}
