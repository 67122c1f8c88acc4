package dev.weir.e2e.space;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Who gives a controller its rights, and the flags that go with them. */
enum Rights {
  /** The overlays, which publish nodes' addresses. */
  OVERLAY("weir", "weir", "weir/weir", "weir-leader"),
  /** The chart where it publishes nodes' addresses. */
  CHART_NODES("ingress", "weir", "ingress/weir-controller", "weir-leader"),
  /** The chart as it is by itself: it publishes its Service's addresses. */
  CHART_SERVICE("ingress", "weir", "ingress/weir-controller", "weir-leader"),
  /** The chart for one namespace. */
  CHART_ONE_NAMESPACE("ingress", "weir", "ingress/weir-controller", "ingress-leader");

  /** Names one as a system property. */
  static final String PROPERTY = "weir.rights";

  private final String namespace;
  private final String account;
  private final String configMap;
  private final String lease;

  Rights(String namespace, String account, String configMap, String lease) {
    this.namespace = namespace;
    this.account = account;
    this.configMap = configMap;
    this.lease = lease;
  }

  static Rights chosen() {
    return valueOf(System.getProperty(PROPERTY, OVERLAY.name()));
  }

  String namespace() {
    return namespace;
  }

  String account() {
    return account;
  }

  String configMap() {
    return configMap.substring(configMap.indexOf('/') + 1);
  }

  boolean publishesNodes() {
    return this == OVERLAY || this == CHART_NODES;
  }

  void give(RealApiServer api) throws IOException {
    switch (this) {
      case OVERLAY -> api.applyOnServer(Shipped.overlay(api, "base"));
      case CHART_NODES -> chart(api, "host-network");
      case CHART_SERVICE -> chart(api, "defaults");
      case CHART_ONE_NAMESPACE -> chart(api, "one-namespace");
    }
  }

  private static void chart(RealApiServer api, String name) throws IOException {
    api.kubectl("create", "namespace", "ingress");
    api.kubectl("create", "namespace", "certificates");
    api.applyOnServer(Shipped.chart(name));
    // Nobody answers it here.
    api.kubectl("delete", "validatingwebhookconfiguration", "--all");
  }

  /** As the manifests have them. */
  List<String> flags() {
    return switch (this) {
      case OVERLAY, CHART_NODES -> common();
      case CHART_SERVICE -> with("--publish-service=ingress/weir-controller");
      case CHART_ONE_NAMESPACE ->
          with(
              "--publish-service=ingress/weir-controller",
              "--watch-namespace=default",
              "--default-ssl-certificate=certificates/wildcard");
    };
  }

  private List<String> common() {
    return List.of("--configmap=" + configMap, "--election-id=" + lease);
  }

  private List<String> with(String... flags) {
    var all = new ArrayList<>(common());
    all.addAll(List.of(flags));
    return List.copyOf(all);
  }
}
