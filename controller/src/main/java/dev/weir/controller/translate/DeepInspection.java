package dev.weir.controller.translate;

import dev.weir.controller.resource.IngressResource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds texts in an Ingress that look as if they meant to inject nginx configuration or to read our
 * files. They could do no harm here, but nobody writes them in good faith, and ingress-nginx does
 * not serve such an object either.
 */
final class DeepInspection {
  private static final List<Pattern> SUSPICIOUS =
      List.of(
          Pattern.compile("\\b(alias|root)\\s+[^;]*;", Pattern.DOTALL),
          Pattern.compile("/etc/(passwd|shadow|group|nginx|ingress-controller)"),
          Pattern.compile("/var/run/secrets"),
          Pattern.compile("_by_lua"));

  private DeepInspection() {}

  /** Where such texts stand. */
  static List<String> suspiciousFields(IngressResource ingress) {
    var fields = new ArrayList<String>();
    for (int i = 0; i < ingress.rules().size(); i++) {
      var rule = ingress.rules().get(i);
      if (suspicious(rule.host())) {
        fields.add("spec.rules[" + i + "].host");
      }
      for (var path : rule.paths()) {
        if (suspicious(path.path())) {
          fields.add(path.field() + ".path");
        }
      }
    }
    for (int i = 0; i < ingress.tls().size(); i++) {
      var tls = ingress.tls().get(i);
      if (suspicious(tls.secretName())
          || tls.hosts().stream().anyMatch(DeepInspection::suspicious)) {
        fields.add("spec.tls[" + i + "]");
      }
    }
    return fields;
  }

  private static boolean suspicious(String text) {
    return SUSPICIOUS.stream().anyMatch(pattern -> pattern.matcher(text).find());
  }
}
