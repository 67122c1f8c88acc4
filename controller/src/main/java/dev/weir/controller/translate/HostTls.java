package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Severity;
import dev.weir.tls.ServerCertificate;
import java.util.List;
import java.util.Optional;

/**
 * Whether a host has TLS, and which certificate it shows (ingress-nginx.md 4.9 and 5).
 *
 * <p>The oldest Ingress of the host with {@code spec.tls} decides: the entry that lists the host,
 * else the first Secret whose certificate covers it. What can't be served is replaced by the
 * default certificate; the host has TLS all the same.
 */
final class HostTls {
  private static final String DEFAULT = "default certificate";

  private final TranslateOptions options;
  private final Certificates certificates;
  private final ClusterView view;
  private final Findings findings;

  HostTls(
      TranslateOptions options, Certificates certificates, ClusterView view, Findings findings) {
    this.options = options;
    this.certificates = certificates;
    this.view = view;
    this.findings = findings;
  }

  /**
   * What a host shows.
   *
   * @param on whether the host has TLS
   * @param text for people
   * @param certificate to be shown for exactly this host; empty if the fallback of SNI does
   */
  record Choice(boolean on, String text, Optional<ServerCertificate> certificate) {
    static final Choice OFF = new Choice(false, "", Optional.empty());
  }

  /**
   * Chooses for a host.
   *
   * @param host not empty: rules without host show the default certificate and have no TLS
   * @param parentHasTls whether the host's wildcard parent has TLS
   */
  Choice choose(String host, List<Contributor> contributors, boolean parentHasTls) {
    var own = withTls(contributors);
    if (own.isPresent()) {
      return choose(host, own.get().ingress(), parentHasTls);
    }
    return parentHasTls
        ? new Choice(true, "as " + HostNames.wildcardParent(host).orElse(host), Optional.empty())
        : Choice.OFF;
  }

  /**
   * Chooses for another name of a host: the host's certificate where it covers the name, too.
   *
   * @param name as {@link ClusterView#ingressesBesides} has it
   * @param owner what the host shows
   * @param parentHasTls whether the wildcard parent of the name has TLS
   */
  Choice forOtherName(String name, Choice owner, boolean parentHasTls) {
    var covered = name.startsWith("**.") ? name.substring(1) : name;
    var certificate = owner.certificate().filter(found -> found.covers(covered));
    if (!owner.on() || certificate.isPresent()) {
      return new Choice(owner.on(), owner.text(), certificate);
    }
    return new Choice(
        true,
        DEFAULT,
        parentHasTls
            ? DefaultCertificate.find(options, certificates, view, new Findings()).certificate()
            : Optional.empty());
  }

  private static Optional<Contributor> withTls(List<Contributor> contributors) {
    return contributors.stream()
        .filter(contributor -> !contributor.ingress().tls().isEmpty())
        .findFirst();
  }

  private Choice choose(String host, IngressResource ingress, boolean parentHasTls) {
    var namespace = ingress.key().namespace();
    for (int i = 0; i < ingress.tls().size(); i++) {
      var tls = ingress.tls().get(i);
      if (tls.hosts().stream().anyMatch(host::equalsIgnoreCase)) {
        var field = "spec.tls[" + i + "].secretName";
        return tls.secretName().isEmpty()
            ? byDefault(ingress, field, Severity.INFO, "is empty", parentHasTls)
            : named(host, ingress, new Named(tls.secretName(), field), parentHasTls);
      }
    }
    for (var tls : ingress.tls()) {
      if (!tls.secretName().isEmpty()
          && certificates.read(namespace, tls.secretName(), view)
              instanceof Certificates.Outcome.Valid(var certificate)
          && certificate.covers(host)) {
        return new Choice(true, namespace + "/" + tls.secretName(), Optional.of(certificate));
      }
    }
    return byDefault(
        ingress,
        "spec.tls",
        Severity.WARNING,
        "no entry lists " + host + ", and no certificate covers it",
        parentHasTls);
  }

  private record Named(String secret, String field) {}

  private Choice named(String host, IngressResource ingress, Named named, boolean parentHasTls) {
    var namespace = ingress.key().namespace();
    var name = namespace + "/" + named.secret;
    return switch (certificates.read(namespace, named.secret, view)) {
      case Certificates.Outcome.Valid(var certificate) ->
          certificate.covers(host)
              ? new Choice(true, name, Optional.of(certificate))
              : byDefault(
                  ingress,
                  named.field,
                  Severity.ERROR,
                  "the certificate of Secret "
                      + name
                      + " does not cover "
                      + host
                      + " (it covers: "
                      + String.join(", ", certificate.names())
                      + ")",
                  parentHasTls);
      case Certificates.Outcome.Broken(var fault, var lastValid) -> {
        var text = "Secret " + name + ": " + fault;
        if (lastValid.isPresent() && lastValid.get().covers(host)) {
          report(ingress, named.field, Severity.ERROR, text + "; its last valid one is shown");
          yield new Choice(true, name + " (last valid)", lastValid);
        }
        yield byDefault(ingress, named.field, Severity.ERROR, text, parentHasTls);
      }
    };
  }

  /**
   * The default certificate is put for the host by name only where SNI would fall back to another
   * one, the wildcard parent's, which may be another tenant's.
   */
  private Choice byDefault(
      IngressResource ingress,
      String field,
      Severity severity,
      String fault,
      boolean parentHasTls) {
    report(ingress, field, severity, fault + "; the default certificate is shown");
    return new Choice(
        true,
        DEFAULT,
        parentHasTls
            ? DefaultCertificate.find(options, certificates, view, new Findings()).certificate()
            : Optional.empty());
  }

  private void report(IngressResource ingress, String field, Severity severity, String message) {
    findings.add(new Finding(severity, ingress.ref(), field, message, ""));
  }
}
