package dev.weir.annotations;

import java.util.List;

/**
 * Settings that only make sense together, and what they do. Immutable; one instance serves all
 * compiles.
 */
public interface AnnotationFeature {
  /** Everything that this feature declares. */
  List<Setting<?>> settings();

  /** What a setting of this feature is good for. What does not work here reports itself. */
  default Disposition disposition(Setting<?> setting) {
    return Disposition.WORKS;
  }

  /** Whether a setting that does not work closes what it protects. */
  default boolean closes(Setting<?> setting) {
    return false;
  }

  /**
   * How a setting of this feature differs from ingress-nginx's, in one sentence for the
   * documentation; empty if it doesn't.
   */
  default String difference(Setting<?> setting) {
    return "";
  }

  /** Acts on the whole proxy; only ConfigMap keys and defaults are there to be seen. */
  default void applyProxy(Values values, ProxyDraft proxy) {}

  /** Decides whether the Ingress makes routes. */
  default void applyIngress(Values values, IngressDraft ingress) {}

  /** Acts on a host, once for each of its Ingresses, oldest first. */
  default void applyHost(Values values, HostDraft host) {}

  /** Acts on a Service port; only ConfigMap keys and defaults are there to be seen. */
  default void applyUpstream(Values values, UpstreamDraft upstream) {}

  /** Acts on a route; called also when nobody set anything. */
  default void applyRoute(Values values, RouteDraft route) {}
}
