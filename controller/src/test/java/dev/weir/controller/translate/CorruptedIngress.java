package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.IngressResource.PortRef;
import dev.weir.controller.resource.IngressResource.Rule;
import dev.weir.controller.resource.IngressResource.Tls;
import dev.weir.controller.resource.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes Ingresses full of nonsense, such as no parser lets through. */
final class CorruptedIngress {
  private static final List<String> NONSENSE =
      List.of(
          "",
          " ",
          "\0",
          "\n",
          "%",
          "%zz",
          "/..",
          "//",
          "/%c0%af",
          "/\uD800",
          "{{",
          "$1",
          "(((((",
          "*",
          "-1",
          "99999999999999999999",
          "true",
          "on",
          "x".repeat(5000),
          "/" + "a/".repeat(2000),
          "é\u202Eü",
          "default/",
          "/etc/passwd",
          "deny all;");

  private final Random random;
  private final List<String> names;

  CorruptedIngress(Random random) {
    this.random = random;
    this.names =
        AnnotationCatalog.standard().settings().stream()
            .flatMap(setting -> setting.names().annotations().stream())
            .toList();
  }

  /** An Ingress of which only the host is sound. */
  IngressResource make(String name, String host) {
    var paths = new ArrayList<Path>();
    for (int i = 0; i < random.nextInt(5); i++) {
      paths.add(new Path(text(), pick(List.of(PathType.values())), backend(), "path " + i));
    }
    var tls = new ArrayList<Tls>();
    for (int i = 0; i < random.nextInt(3); i++) {
      tls.add(new Tls(random.nextBoolean() ? List.of(host) : List.of(text()), text()));
    }
    return new IngressResource(
        RandomCluster.meta(Kind.INGRESS, "default", name, 0, random.nextBoolean(), annotations()),
        "",
        random.nextBoolean() ? Optional.of(backend()) : Optional.empty(),
        tls,
        List.of(new Rule(host, paths), new Rule(host, paths)));
  }

  private Map<String, String> annotations() {
    var annotations = new HashMap<String, String>();
    for (int i = 0; i < random.nextInt(6); i++) {
      var name = random.nextInt(5) == 0 ? text() : pick(names);
      annotations.put("nginx.ingress.kubernetes.io/" + name, text());
    }
    return annotations;
  }

  private Backend backend() {
    return switch (random.nextInt(3)) {
      case 0 -> new Backend.OfResource(text());
      case 1 -> new Backend.OfService(text(), new PortRef.Number(random.nextInt()));
      default -> new Backend.OfService("web", new PortRef.Name(text()));
    };
  }

  private String text() {
    return random.nextBoolean() ? pick(NONSENSE) : pick(NONSENSE) + pick(NONSENSE);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
