package dev.weir.e2e.harness;

import java.util.ArrayList;
import java.util.List;

/** Writes an Ingress as YAML. */
public final class Ingress {
  private final String name;
  private final List<String> metadata = new ArrayList<>();
  private final List<String> annotations = new ArrayList<>();
  private final List<String> tls = new ArrayList<>();
  private final List<String> rules = new ArrayList<>();
  private final List<String> spec = new ArrayList<>();
  private String className = "nginx";

  private Ingress(String name) {
    this.name = name;
  }

  /** An Ingress of class {@code nginx} without rules. */
  public static Ingress named(String name) {
    return new Ingress(name);
  }

  /** Names another class; empty for none. */
  public Ingress ofClass(String newClass) {
    className = newClass;
    return this;
  }

  /** Sets the time of its creation, as {@code 2024-01-01T00:00:00Z}. */
  public Ingress created(String time) {
    metadata.add("creationTimestamp: \"" + time + "\"");
    return this;
  }

  /** Sets an annotation by its full name. */
  public Ingress annotation(String key, String value) {
    annotations.add(key + ": '" + value.replace("'", "''") + "'");
    return this;
  }

  /** Sets an annotation under ingress-nginx's prefix. */
  public Ingress setting(String key, String value) {
    return annotation("nginx.ingress.kubernetes.io/" + key, value);
  }

  /** Begins a rule; empty for one without host. */
  public Ingress host(String host) {
    rules.add(
        "  - " + (host.isEmpty() ? "" : "host: \"" + host + "\"\n    ") + "http:\n      paths:");
    return this;
  }

  /** Adds a rule that has a host and nothing else. */
  public Ingress bareHost(String host) {
    rules.add("  - host: \"" + host + "\"");
    return this;
  }

  public Ingress prefix(String path, String service) {
    return path(path, "Prefix", service);
  }

  public Ingress exact(String path, String service) {
    return path(path, "Exact", service);
  }

  /** Adds a path to the rule begun last; it leads to port 80 of a Service, or to NAME:PORT. */
  public Ingress path(String path, String type, String service) {
    rules.add("      - path: '" + path + "'\n        pathType: " + type);
    rules.add("        backend: " + backend(service));
    return this;
  }

  /** Adds a path whose backend isn't a Service. */
  public Ingress resourcePath(String path) {
    rules.add("      - path: '" + path + "'\n        pathType: Prefix");
    rules.add("        backend: {resource: {apiGroup: example.com, kind: Bucket, name: b}}");
    return this;
  }

  public Ingress defaultBackend(String service) {
    spec.add("defaultBackend: " + backend(service));
    return this;
  }

  /** Adds a TLS entry; an empty Secret name leaves it out. */
  public Ingress tls(String secret, String... hosts) {
    tls.add(
        "  - {"
            + (secret.isEmpty() ? "" : "secretName: " + secret + ", ")
            + "hosts: ["
            + quoted(hosts)
            + "]}");
    return this;
  }

  private static String quoted(String... texts) {
    return texts.length == 0 ? "" : "\"" + String.join("\", \"", texts) + "\"";
  }

  private static String backend(String service) {
    var parts = service.split(":", 2);
    var port = parts.length == 1 ? "80" : parts[1];
    var key = port.chars().allMatch(Character::isDigit) ? "number" : "name";
    return "{service: {name: %s, port: {%s: %s}}}".formatted(parts[0], key, port);
  }

  public String yaml() {
    var text =
        new StringBuilder("---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n");
    text.append("  name: ").append(name).append("\n  namespace: default\n");
    metadata.forEach(line -> text.append("  ").append(line).append('\n'));
    if (!annotations.isEmpty()) {
      text.append("  annotations:\n");
      annotations.forEach(line -> text.append("    ").append(line).append('\n'));
    }
    text.append("spec:\n");
    if (!className.isEmpty()) {
      text.append("  ingressClassName: ").append(className).append('\n');
    }
    spec.forEach(line -> text.append("  ").append(line).append('\n'));
    appendList(text, "tls", tls);
    appendList(text, "rules", rules);
    if (className.isEmpty() && spec.isEmpty() && tls.isEmpty() && rules.isEmpty()) {
      text.append("  {}\n");
    }
    return text.toString();
  }

  private static void appendList(StringBuilder text, String key, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("  ").append(key).append(":\n");
      lines.forEach(line -> text.append(line.indent(0)));
    }
  }
}
