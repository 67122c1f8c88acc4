package dev.weir.controller.resource;

/**
 * Something that a compile looked up, whether or not it was there. When it changes, whoever depends
 * on it is compiled again.
 */
public sealed interface Dependency {
  /** An object by name. */
  record OnObject(ObjectKey key) implements Dependency {}

  /**
   * The set and order of Ingresses that name a host ({@code ""} for rules without host), or may
   * make it without naming it.
   */
  record OnHost(String host) implements Dependency {}

  /** The endpoint objects of a Service. */
  record OnEndpoints(String namespace, String service) implements Dependency {}

  /** A key of the controller's ConfigMap ({@code --configmap}). */
  record OnSetting(String key) implements Dependency {}
}
