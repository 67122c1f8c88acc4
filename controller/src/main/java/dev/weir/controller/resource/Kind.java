package dev.weir.controller.resource;

/** The kinds of Kubernetes object that Weir reads, and {@link #MANIFEST}. */
public enum Kind {
  INGRESS("Ingress", true),
  INGRESS_CLASS("IngressClass", false),
  SERVICE("Service", true),
  /** EndpointSlice, or core/v1 Endpoints where a cluster has no slices. */
  ENDPOINTS("EndpointSlice", true),
  SECRET("Secret", true),
  CONFIG_MAP("ConfigMap", true),
  NAMESPACE("Namespace", false),
  /** No object: a manifest file by its path, which a finding may point at. Never of a resource. */
  MANIFEST("file", false);

  private final String text;
  private final boolean namespaced;

  Kind(String text, boolean namespaced) {
    this.text = text;
    this.namespaced = namespaced;
  }

  /** The kind as Kubernetes spells it. */
  public String text() {
    return text;
  }

  /** Whether objects of this kind live in a namespace. */
  public boolean namespaced() {
    return namespaced;
  }
}
