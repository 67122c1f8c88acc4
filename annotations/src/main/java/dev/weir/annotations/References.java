package dev.weir.annotations;

import java.util.Map;
import java.util.Optional;

/** Other objects that a setting may name. Asking records that the result depends on them. */
public interface References {
  /** The namespace of the Ingress: where names without namespace are looked up. */
  String namespace();

  /** The name of the Ingress; empty for what no Ingress asks for. */
  String ingress();

  /** Whether the Secret exists. */
  boolean secretExists(String namespace, String name);

  /**
   * The entries of a Secret, decoded; empty if it doesn't exist. They must not get into a problem's
   * text.
   */
  Optional<Map<String, byte[]>> secret(String namespace, String name);

  /**
   * A Secret's certificate and trusted certificates; empty if it doesn't exist. What can't be read
   * is told by its fault.
   */
  Optional<TlsSecret> tlsSecret(String namespace, String name);

  /** Whether the ConfigMap exists. */
  boolean configMapExists(String namespace, String name);

  /** The data of a ConfigMap; empty if it doesn't exist. */
  Optional<Map<String, String>> configMap(String namespace, String name);

  /** Whether the Service exists. */
  boolean serviceExists(String namespace, String name);
}
