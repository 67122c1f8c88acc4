package dev.weir.annotations;

/** Other objects that a setting may name. Asking records that the result depends on them. */
public interface References {
  /** The namespace of the Ingress: where names without namespace are looked up. */
  String namespace();

  /** Whether the Secret exists. */
  boolean secretExists(String namespace, String name);

  /** Whether the ConfigMap exists. */
  boolean configMapExists(String namespace, String name);

  /** Whether the Service exists. */
  boolean serviceExists(String namespace, String name);
}
