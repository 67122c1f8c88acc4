package dev.weir.controller.resource;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The hosts that an Ingress may make besides those of its rules: other names of theirs, and their
 * twins with or without {@code www.}. Perhaps more than it does make, never fewer: what its
 * annotations come to is the translation's business. Pure.
 */
final class OtherNames {
  private static final String ALIASES = "/server-alias";
  private static final String TWINS = "/from-to-www-redirect";
  private static final String WWW = "www.";

  private OtherNames() {}

  /** The names, as hosts of {@code ClusterView}. */
  static Set<String> of(IngressResource ingress) {
    var names = new LinkedHashSet<String>();
    ingress
        .meta()
        .annotations()
        .forEach(
            (annotation, value) -> {
              if (annotation.endsWith(ALIASES)) {
                for (var entry : value.split(",", -1)) {
                  addAlias(names, entry.strip());
                }
              } else if (annotation.endsWith(TWINS)) {
                ingress.rules().forEach(rule -> addTwins(names, rule.host()));
              }
            });
    return names;
  }

  private static void addAlias(Set<String> names, String entry) {
    if (entry.startsWith("~")) {
      names.add(entry);
      return;
    }
    var name = entry.toLowerCase(Locale.ROOT);
    if (name.startsWith("*.")) {
      names.add("*" + name);
    } else if (name.startsWith(".")) {
      names.add(name.substring(1));
      names.add("**" + name);
    } else {
      names.add(name);
    }
    names.remove("");
  }

  private static void addTwins(Set<String> names, String host) {
    if (!host.isEmpty() && !host.startsWith("*")) {
      names.add(twin(host));
    }
  }

  private static String twin(String host) {
    return host.startsWith(WWW) ? host.substring(WWW.length()) : WWW + host;
  }
}
