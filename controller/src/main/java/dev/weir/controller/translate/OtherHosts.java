package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds the hosts of which a name is another name, or the twin with or without {@code www.}
 * (ingress-nginx.md 1.3, server-alias and from-to-www-redirect). Belongs to one compile.
 *
 * <p>A host with a rule of its own keeps its name; else the alias of the first host in alphabet has
 * it, else the first twin.
 */
final class OtherHosts {
  private static final String WWW = "www.";

  private final Admission admission;
  private final AnnotationCatalog catalog;
  private final ClusterView view;
  private final Findings findings;

  OtherHosts(Admission admission, AnnotationCatalog catalog, ClusterView view, Findings findings) {
    this.admission = admission;
    this.catalog = catalog;
    this.view = view;
    this.findings = findings;
  }

  /** Which of two ways a host has another name. */
  enum Kind {
    ALIAS("server-alias"),
    TWIN("from-to-www-redirect");

    private final String annotation;

    Kind(String annotation) {
      this.annotation = annotation;
    }
  }

  /**
   * A host that would have the name.
   *
   * @param host as its Ingresses name it
   * @param part of the Ingress that says so
   */
  record Owner(
      Kind kind,
      String host,
      Admission.Admitted admitted,
      HostTraits traits,
      HostTraits.Part part) {}

  /** All hosts that would have {@code name}, in the order in which they win. */
  List<Owner> ownersOf(String name) {
    var hosts = new TreeSet<String>();
    for (var ingress : view.ingressesBesides(name)) {
      ingress.rules().forEach(rule -> hosts.add(rule.host()));
    }
    // Rules without host take every name that is left anyway.
    hosts.remove("");
    hosts.remove(name);
    var aliases = new ArrayList<Owner>();
    var twins = new ArrayList<Owner>();
    for (var host : hosts) {
      var quiet = new Findings();
      var admitted = admission.contributors(host, view, quiet);
      var traits = HostTraits.of(catalog, host, admitted, quiet);
      traits
          .aliasing()
          .filter(part -> part.draft().aliases().contains(HostPattern.of(name)))
          .ifPresent(part -> aliases.add(new Owner(Kind.ALIAS, host, admitted, traits, part)));
      if (name.equals(twin(host))) {
        traits
            .twinning()
            .ifPresent(part -> twins.add(new Owner(Kind.TWIN, host, admitted, traits, part)));
      }
    }
    aliases.addAll(twins);
    return aliases;
  }

  private static String twin(String host) {
    if (host.startsWith("*")) {
      return "";
    }
    return host.startsWith(WWW) ? host.substring(WWW.length()) : WWW + host;
  }

  /** Says that these don't get the name. */
  void reportLosers(List<Owner> owners, String name, String winner) {
    for (var owner : owners) {
      report(
          owner,
          Severity.WARNING,
          name + " is " + winner + ", so it is no other name of host " + owner.host);
    }
  }

  /** Reports something about what makes the name. */
  void report(Owner owner, Severity severity, String message) {
    var contributor = owner.part.contributor();
    findings.add(
        new Finding(
            severity,
            contributor.ingress().ref(),
            contributor.context().prefix() + "/" + owner.kind.annotation,
            message,
            ""));
  }
}
