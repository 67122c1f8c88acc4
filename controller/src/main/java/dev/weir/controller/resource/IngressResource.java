package dev.weir.controller.resource;

import java.util.List;
import java.util.Optional;

/**
 * An Ingress of {@code networking.k8s.io/v1}; older versions are parsed into the same shape.
 *
 * @param className {@code spec.ingressClassName}; empty if absent
 * @param defaultBackend {@code spec.defaultBackend}
 * @param tls {@code spec.tls}
 * @param rules {@code spec.rules}
 * @param addresses {@code status.loadBalancer.ingress}: what is said of where it is reached;
 *     nothing is made of it
 */
public record IngressResource(
    Meta meta,
    String className,
    Optional<Backend> defaultBackend,
    List<Tls> tls,
    List<Rule> rules,
    List<LoadBalancerAddress> addresses)
    implements Resource {

  public IngressResource {
    tls = List.copyOf(tls);
    rules = List.copyOf(rules);
    addresses = List.copyOf(addresses);
  }

  /** One that nobody has written a status for. */
  public IngressResource(
      Meta meta,
      String className,
      Optional<Backend> defaultBackend,
      List<Tls> tls,
      List<Rule> rules) {
    this(meta, className, defaultBackend, tls, rules, List.of());
  }

  /**
   * Whether {@code other} is the same incarnation and asks for the same; they may differ in status,
   * labels and version.
   */
  public boolean asksTheSame(IngressResource other) {
    return ref().equals(other.ref())
        && meta.created().equals(other.meta.created())
        && meta.deleting() == other.meta.deleting()
        && meta.annotations().equals(other.meta.annotations())
        && className.equals(other.className)
        && defaultBackend.equals(other.defaultBackend)
        && tls.equals(other.tls)
        && rules.equals(other.rules);
  }

  /** What a path leads to: a Service, or a {@code resource} reference that Weir can't serve. */
  public sealed interface Backend {
    /** A Service and one of its ports. */
    record OfService(String service, PortRef port) implements Backend {}

    /** {@code backend.resource}: an object of another kind, as text for messages. */
    record OfResource(String description) implements Backend {}
  }

  /** A Service port as an Ingress names it. */
  public sealed interface PortRef {
    /** The text that stands in upstream names, logs and metrics. */
    String text();

    /** {@code service.port.number}. */
    record Number(int number) implements PortRef {
      @Override
      public String text() {
        return Integer.toString(number);
      }
    }

    /** {@code service.port.name}, or the name of a targetPort in old objects. */
    record Name(String name) implements PortRef {
      @Override
      public String text() {
        return name;
      }
    }
  }

  /**
   * An entry of {@code spec.tls}.
   *
   * @param secretName empty if absent
   */
  public record Tls(List<String> hosts, String secretName) {
    public Tls {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * An entry of {@code spec.rules}. A rule without {@code http} has no paths.
   *
   * @param host lower-case; empty for a rule without host
   */
  public record Rule(String host, List<Path> paths) {
    public Rule {
      paths = List.copyOf(paths);
    }
  }

  /** {@code pathType}; absent counts as {@link #IMPLEMENTATION_SPECIFIC}. */
  public enum PathType {
    EXACT,
    PREFIX,
    IMPLEMENTATION_SPECIFIC
  }

  /**
   * An entry of {@code http.paths}.
   *
   * @param path as written; empty if absent
   * @param field where it stands, for findings: {@code spec.rules[0].http.paths[1]}
   */
  public record Path(String path, PathType type, Backend backend, String field) {}
}
