package dev.weir.controller.resource;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@link ClusterView} that notes every question; one is made for each compile. */
public final class RecordingView implements ClusterView {
  private final ClusterView view;
  private final Set<Dependency> asked = new HashSet<>();
  private final Set<String> settings = new HashSet<>();

  public RecordingView(ClusterView view) {
    this.view = view;
  }

  /** Everything asked so far. */
  public Set<Dependency> dependencies() {
    var all = new HashSet<>(asked);
    settings.forEach(key -> all.add(new Dependency.OnSetting(key)));
    return all;
  }

  /** Everything asked so far but keys of the controller's ConfigMap. */
  public Set<Dependency> objects() {
    return Set.copyOf(asked);
  }

  /** The keys of the controller's ConfigMap asked for so far; goes on changing. */
  public Set<String> settings() {
    return Collections.unmodifiableSet(settings);
  }

  @Override
  public List<IngressResource> ingressesOf(String host) {
    asked.add(new Dependency.OnHost(host));
    return view.ingressesOf(host);
  }

  @Override
  public List<IngressResource> ingressesBesides(String host) {
    asked.add(new Dependency.OnHost(host));
    return view.ingressesBesides(host);
  }

  @Override
  public @Nullable IngressClassResource ingressClass(String name) {
    onObject(Kind.INGRESS_CLASS, "", name);
    return view.ingressClass(name);
  }

  @Override
  public @Nullable ServiceResource service(String namespace, String name) {
    onObject(Kind.SERVICE, namespace, name);
    return view.service(namespace, name);
  }

  @Override
  public List<EndpointsResource> endpointsOf(String namespace, String service) {
    asked.add(new Dependency.OnEndpoints(namespace, service));
    return view.endpointsOf(namespace, service);
  }

  @Override
  public @Nullable SecretResource secret(String namespace, String name) {
    onObject(Kind.SECRET, namespace, name);
    return view.secret(namespace, name);
  }

  @Override
  public @Nullable ConfigMapResource configMap(String namespace, String name) {
    onObject(Kind.CONFIG_MAP, namespace, name);
    return view.configMap(namespace, name);
  }

  @Override
  public @Nullable NamespaceResource namespace(String name) {
    onObject(Kind.NAMESPACE, "", name);
    return view.namespace(name);
  }

  @Override
  public @Nullable String setting(String key) {
    settings.add(key);
    return view.setting(key);
  }

  private void onObject(Kind kind, String namespace, String name) {
    asked.add(new Dependency.OnObject(new ObjectKey(kind, namespace, name)));
  }
}
