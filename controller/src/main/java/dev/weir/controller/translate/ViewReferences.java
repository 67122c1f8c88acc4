package dev.weir.controller.translate;

import dev.weir.annotations.References;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.ConfigMapResource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Lets settings look at other objects through the view that records what was asked. */
record ViewReferences(String namespace, String ingress, ClusterView view) implements References {
  @Override
  public boolean secretExists(String namespace, String name) {
    return view.secret(namespace, name) != null;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    var secret = view.secret(namespace, name);
    if (secret == null) {
      return Optional.empty();
    }
    var entries = new HashMap<String, byte[]>();
    secret.data().forEach((key, bytes) -> entries.put(key, bytes.toBytes()));
    return Optional.of(entries);
  }

  @Override
  public boolean configMapExists(String namespace, String name) {
    return view.configMap(namespace, name) != null;
  }

  @Override
  public Optional<Map<String, String>> configMap(String namespace, String name) {
    return Optional.ofNullable(view.configMap(namespace, name)).map(ConfigMapResource::data);
  }

  @Override
  public boolean serviceExists(String namespace, String name) {
    return view.service(namespace, name) != null;
  }
}
