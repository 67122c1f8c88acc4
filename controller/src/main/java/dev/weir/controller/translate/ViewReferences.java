package dev.weir.controller.translate;

import dev.weir.annotations.References;
import dev.weir.annotations.TlsSecret;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.SecretResource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets settings look at other objects through the view that records what was asked. Belongs to one
 * compile.
 */
final class ViewReferences implements References {
  private final String namespace;
  private final String ingress;
  private final ClusterView view;

  /** An Ingress's paths mostly name the same Secret, and reading a key costs much. */
  private final Map<SecretResource, TlsSecret> tlsSecrets = new HashMap<>(2);

  ViewReferences(String namespace, String ingress, ClusterView view) {
    this.namespace = namespace;
    this.ingress = ingress;
    this.view = view;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public String ingress() {
    return ingress;
  }

  @Override
  public boolean secretExists(String ofNamespace, String name) {
    return view.secret(ofNamespace, name) != null;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String ofNamespace, String name) {
    var secret = view.secret(ofNamespace, name);
    if (secret == null) {
      return Optional.empty();
    }
    var entries = new HashMap<String, byte[]>();
    secret.data().forEach((key, bytes) -> entries.put(key, bytes.toBytes()));
    return Optional.of(entries);
  }

  @Override
  public Optional<TlsSecret> tlsSecret(String ofNamespace, String name) {
    return Optional.ofNullable(view.secret(ofNamespace, name))
        .map(secret -> tlsSecrets.computeIfAbsent(secret, TlsSecrets::read));
  }

  @Override
  public boolean configMapExists(String ofNamespace, String name) {
    return view.configMap(ofNamespace, name) != null;
  }

  @Override
  public Optional<Map<String, String>> configMap(String ofNamespace, String name) {
    return Optional.ofNullable(view.configMap(ofNamespace, name)).map(ConfigMapResource::data);
  }

  @Override
  public boolean serviceExists(String ofNamespace, String name) {
    return view.service(ofNamespace, name) != null;
  }
}
