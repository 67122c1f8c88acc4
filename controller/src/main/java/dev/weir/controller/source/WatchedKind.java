package dev.weir.controller.source;

import dev.weir.controller.resource.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A kind as the API server offers it.
 *
 * @param versions where it may be found, best first
 * @param needed whether Weir can't serve without it; without the others, only their rules are off
 * @param selector query parameters that leave out what is never read; empty for all
 * @param without what is off without it, or where another resource stands in for its best one
 */
record WatchedKind(
    Kind kind, List<Version> versions, boolean needed, String selector, String without) {

  /** Nobody has a use for Helm's release archives, which make up most bytes of many clusters. */
  private static final String WITHOUT_HELM_2 = "&labelSelector=" + encoded("OWNER!=TILLER");

  private static final String WITHOUT_HELM =
      WITHOUT_HELM_2 + "&fieldSelector=" + encoded("type!=helm.sh/release.v1");

  static final List<WatchedKind> ALL =
      List.of(
          needed(
              Kind.INGRESS,
              "",
              new Version("networking.k8s.io/v1", "ingresses", "Ingress"),
              new Version("networking.k8s.io/v1beta1", "ingresses", "Ingress"),
              new Version("extensions/v1beta1", "ingresses", "Ingress")),
          new WatchedKind(
              Kind.INGRESS_CLASS,
              List.of(
                  new Version("networking.k8s.io/v1", "ingressclasses", "IngressClass"),
                  new Version("networking.k8s.io/v1beta1", "ingressclasses", "IngressClass")),
              false,
              "",
              "until then no Ingress is chosen by its IngressClass's controller"),
          needed(Kind.SERVICE, "", new Version("v1", "services", "Service")),
          new WatchedKind(
              Kind.ENDPOINTS,
              List.of(
                  new Version("discovery.k8s.io/v1", "endpointslices", "EndpointSlice"),
                  new Version("discovery.k8s.io/v1beta1", "endpointslices", "EndpointSlice"),
                  new Version("v1", "endpoints", "Endpoints")),
              true,
              "",
              "terminating pods and those beyond 1,000 of a Service are not known"),
          needed(Kind.SECRET, WITHOUT_HELM, new Version("v1", "secrets", "Secret")),
          needed(Kind.CONFIG_MAP, WITHOUT_HELM_2, new Version("v1", "configmaps", "ConfigMap")),
          new WatchedKind(
              Kind.NAMESPACE,
              List.of(new Version("v1", "namespaces", "Namespace")),
              false,
              "",
              "until then rules by namespace are off"));

  WatchedKind {
    versions = List.copyOf(versions);
  }

  private static WatchedKind needed(Kind kind, String selector, Version... versions) {
    return new WatchedKind(kind, List.of(versions), true, selector, "");
  }

  private static String encoded(String selector) {
    return URLEncoder.encode(selector, StandardCharsets.UTF_8);
  }

  /**
   * The same where only flags name objects: what they name can be missing as well as unreadable,
   * except for settings, without which access that they forbid would be open.
   */
  WatchedKind besideTheWatchedNamespace() {
    return kind == Kind.CONFIG_MAP
        ? this
        : new WatchedKind(
            kind, versions, false, selector, "until then what flags name there counts as missing");
  }

  /**
   * One version of a kind.
   *
   * @param groupVersion {@code v1} for the core group
   * @param resource plural name
   * @param kind as it stands in objects
   */
  record Version(String groupVersion, String resource, String kind) {
    boolean core() {
      return groupVersion.equals("v1");
    }

    /** The path of the group version's document. */
    String documentPath() {
      return core() ? "/api/v1" : "/apis/" + groupVersion;
    }

    /** The path of the collection; {@code namespace} is empty for all. */
    String path(String namespace) {
      var scope = namespace.isEmpty() ? "" : "/namespaces/" + namespace;
      return documentPath() + scope + "/" + resource;
    }

    /** The rule to add to a Role or ClusterRole. */
    String rbacRule() {
      var group = core() ? "" : groupVersion.substring(0, groupVersion.indexOf('/'));
      return "{apiGroups: [\""
          + group
          + "\"], resources: [\""
          + resource
          + "\"], verbs: [\"list\", \"watch\"]}";
    }
  }
}
