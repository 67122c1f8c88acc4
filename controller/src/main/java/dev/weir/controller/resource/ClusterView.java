package dev.weir.controller.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Read access to the cluster for pure translation. {@link RecordingView} notes every question
 * asked, unanswered ones too, so that the answers' changes lead to a new compile.
 */
public interface ClusterView {
  /**
   * The Ingresses that name {@code host} in a rule (or, for {@code ""}, that have a rule without
   * host or a default backend), oldest first: creation time, then namespace/name descending
   * (ingress-nginx's order). Class is not considered here.
   *
   * @param host lower-case, {@code *.example.com} for a wildcard, {@code ""} for none
   */
  List<IngressResource> ingressesOf(String host);

  /**
   * The Ingresses that may make {@code host} without naming it in a rule, as an alias of a host of
   * theirs or as its twin with or without {@code www.}, in the same order. What their annotations
   * come to is not considered here.
   *
   * @param host as above; {@code **.name}, {@code name.*} and {@code ~expression} are aliases, too
   */
  List<IngressResource> ingressesBesides(String host);

  @Nullable IngressClassResource ingressClass(String name);

  @Nullable ServiceResource service(String namespace, String name);

  /** Endpoint objects of a Service, ordered by object name. */
  List<EndpointsResource> endpointsOf(String namespace, String service);

  @Nullable SecretResource secret(String namespace, String name);

  @Nullable ConfigMapResource configMap(String namespace, String name);

  @Nullable NamespaceResource namespace(String name);

  /** The value of a key of the controller's own ConfigMap. */
  @Nullable String setting(String key);
}
