package dev.weir.controller.translate;

import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.IngressResource.PortRef;
import dev.weir.controller.resource.IngressResource.Rule;
import dev.weir.controller.resource.IngressResource.Tls;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.resource.ServiceResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes clusters whose Ingresses get into each other's way as often as possible. */
final class RandomCluster {
  private static final List<String> HOSTS =
      List.of("a.example.com", "b.example.com", "*.example.com", "");
  private static final List<String> PATHS =
      List.of(
          "",
          "/",
          "/foo",
          "/foo/",
          "/foo/bar",
          "//foo",
          "/%66oo",
          "/%zz",
          "/x y",
          "/(.*)",
          "/(foo");
  private static final List<String> SERVICES = List.of("web", "api", "missing");
  private static final List<Map.Entry<String, String>> ANNOTATIONS =
      List.of(
          Map.entry("proxy-body-size", "8m"),
          Map.entry("proxy-body-size", "?"),
          Map.entry("auth-url", "https://auth.example.com"),
          Map.entry("auth-tls-secret", "default/ca"),
          Map.entry("use-regex", "true"),
          Map.entry("rewrite-target", "/$1"),
          Map.entry("server-alias", "b.example.com, alias.test, *.alias.test, ~[0-9]$"),
          Map.entry("from-to-www-redirect", "true"),
          Map.entry("app-root", "/foo"),
          Map.entry("permanent-redirect", "/foo"),
          Map.entry("canary", "true"),
          Map.entry("force-ssl-redirect", "true"),
          Map.entry("load-balance", "random"),
          Map.entry("server-snippet", "deny all;"),
          Map.entry("unheard-of", "1"));

  private final Random random;

  RandomCluster(Random random) {
    this.random = random;
  }

  /** Some Ingresses in two namespaces, one of which may be going away, and what they lead to. */
  List<Resource> objects() {
    var objects = new ArrayList<Resource>();
    for (var namespace : List.of("default", "team")) {
      boolean deleting = random.nextInt(4) == 0;
      objects.add(
          new NamespaceResource(meta(Kind.NAMESPACE, "", namespace, 0, deleting, Map.of())));
      objects.add(service(namespace, "web"));
      objects.add(service(namespace, "api"));
      objects.add(endpoints(namespace, "web"));
    }
    for (int i = 0; i < 2 + random.nextInt(6); i++) {
      objects.add(ingress(pick(List.of("default", "team")), "i" + i));
    }
    return objects;
  }

  private IngressResource ingress(String namespace, String name) {
    var rules = new ArrayList<Rule>();
    for (int i = 0; i < random.nextInt(4); i++) {
      var paths = new ArrayList<Path>();
      for (int j = 0; j < random.nextInt(4); j++) {
        var field = "spec.rules[" + i + "].http.paths[" + j + "]";
        paths.add(new Path(pick(PATHS), pick(List.of(PathType.values())), backend(), field));
      }
      rules.add(new Rule(pick(HOSTS), paths));
    }
    var tls =
        random.nextInt(3) == 0 ? List.of(new Tls(List.of(pick(HOSTS)), "missing")) : List.<Tls>of();
    var byDefault =
        rules.isEmpty() || random.nextInt(4) == 0
            ? Optional.of(backend())
            : Optional.<Backend>empty();
    return new IngressResource(
        meta(
            Kind.INGRESS,
            namespace,
            name,
            random.nextInt(3),
            random.nextInt(8) == 0,
            annotations()),
        "",
        byDefault,
        tls,
        rules);
  }

  private Map<String, String> annotations() {
    var annotations = new HashMap<String, String>();
    for (int i = 0; i < random.nextInt(3); i++) {
      var annotation = pick(ANNOTATIONS);
      annotations.put("nginx.ingress.kubernetes.io/" + annotation.getKey(), annotation.getValue());
    }
    return annotations;
  }

  private Backend backend() {
    return random.nextInt(8) == 0
        ? new Backend.OfResource("Bucket assets")
        : new Backend.OfService(
            pick(SERVICES), new PortRef.Number(random.nextInt(4) == 0 ? 81 : 80));
  }

  static ServiceResource service(String namespace, String name) {
    return new ServiceResource(
        meta(Kind.SERVICE, namespace, name, 0, false, Map.of()),
        ServiceResource.Type.CLUSTER_IP,
        "",
        "10.96.0.1",
        List.of(new ServiceResource.Port("", 80, "8080", "TCP")));
  }

  private static EndpointsResource endpoints(String namespace, String service) {
    return new EndpointsResource(
        meta(Kind.ENDPOINTS, namespace, service + "-1", 0, false, Map.of()),
        service,
        List.of(
            new EndpointsResource.Group(
                List.of(new EndpointsResource.Port("", 8080, "TCP")),
                List.of(new EndpointsResource.Address("10.0.0.1", true, true, false, "", "")))));
  }

  static Meta meta(
      Kind kind,
      String namespace,
      String name,
      int second,
      boolean deleting,
      Map<String, String> annotations) {
    return new Meta(
        new ObjectRef(new ObjectKey(kind, namespace, name), name + "-uid"),
        Instant.ofEpochSecond(second),
        "",
        deleting,
        Map.of(),
        annotations);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
