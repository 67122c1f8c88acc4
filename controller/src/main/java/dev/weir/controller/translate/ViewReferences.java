package dev.weir.controller.translate;

import dev.weir.annotations.References;
import dev.weir.controller.resource.ClusterView;

/** Lets settings look at other objects through the view that records what was asked. */
record ViewReferences(String namespace, ClusterView view) implements References {
  @Override
  public boolean secretExists(String namespace, String name) {
    return view.secret(namespace, name) != null;
  }

  @Override
  public boolean configMapExists(String namespace, String name) {
    return view.configMap(namespace, name) != null;
  }

  @Override
  public boolean serviceExists(String namespace, String name) {
    return view.service(namespace, name) != null;
  }
}
