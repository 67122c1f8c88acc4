package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.HostDraft;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.VirtualHost;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a host together from all Ingresses that name it.
 *
 * <p>A host has the paths of all its Ingresses; of two equal ones the older Ingress's stays. Unless
 * a path takes it, {@code /} leads to the default backend under the oldest Ingress's settings. Each
 * Ingress is translated inside its own boundary: what is wrong with one is reported and loses only
 * its own rules.
 *
 * <p>A host that no rule names may be another name of one that a rule names: then it has the same
 * routes; or its twin with or without {@code www.}: then it redirects there.
 *
 * <p>Findings about an Ingress are the same whichever of its hosts is translated: collect them in a
 * set.
 *
 * <p>May be used by any thread.
 */
public final class HostTranslator {
  private final TranslateOptions options;
  private final AnnotationCatalog catalog;
  private final Admission admission;
  private final Certificates certificates;

  /** Translates under the flags in {@code options}. */
  public HostTranslator(TranslateOptions options) {
    this.options = options;
    this.catalog = AnnotationCatalog.standard();
    this.admission = new Admission(options, catalog);
    this.certificates = new Certificates();
  }

  private HostTranslator(HostTranslator other, Admission admission) {
    this.options = other.options;
    this.catalog = other.catalog;
    this.certificates = other.certificates;
    this.admission = admission;
  }

  /**
   * The same as if one Ingress were served whatever it says; tells all that is wrong with it at
   * once.
   */
  HostTranslator servingAnyway(ObjectKey ingress) {
    return new HostTranslator(this, admission.servingAnyway(ingress));
  }

  TranslateOptions options() {
    return options;
  }

  Admission admission() {
    return admission;
  }

  /**
   * Translates a host.
   *
   * @param host as Ingresses name it: lower-case, {@code *.example.com}, or empty for what no other
   *     host takes, which always has a virtual host; also other names of hosts
   */
  public HostResult translate(String host, ClusterView view) {
    var findings = new Findings();
    var admitted = admission.contributors(host, view, findings);
    var others = new OtherHosts(admission, catalog, view, findings);
    var owners = host.isEmpty() ? List.<OtherHosts.Owner>of() : others.ownersOf(host);
    if (!admitted.served().isEmpty() || host.isEmpty()) {
      others.reportLosers(owners, host, "a host with rules of its own");
      var traits = HostTraits.of(catalog, host, admitted, findings);
      var tls = tls(host, admitted, view, findings);
      return new HostCompile(options, catalog, view, findings)
          .compile(host, HostPattern.of(host), traits, tls);
    }
    if (owners.isEmpty()) {
      return new HostResult(Optional.empty(), Optional.empty(), Set.of(), findings.list());
    }
    var owner = owners.getFirst();
    others.reportLosers(
        owners.subList(1, owners.size()), host, "another name of host " + owner.host());
    return otherName(host, owner, view, findings, others);
  }

  /** What becomes of an Ingress as a whole. */
  public Standing standing(IngressResource ingress, ClusterView view) {
    return admission.standing(ingress, view);
  }

  private HostTls.Choice tls(
      String host, Admission.Admitted admitted, ClusterView view, Findings findings) {
    return host.isEmpty()
        ? HostTls.Choice.OFF
        : new HostTls(options, certificates, view, findings)
            .choose(host, admitted.served(), parentHasTls(host, view));
  }

  private boolean parentHasTls(String host, ClusterView view) {
    return HostNames.wildcardParent(host)
        .filter(parent -> admission.anyWithTls(parent, view))
        .isPresent();
  }

  /** What is wrong with the owner is reported with the owner. */
  private HostResult otherName(
      String name, OtherHosts.Owner owner, ClusterView view, Findings findings, OtherHosts others) {
    var quiet = new Findings();
    var ownersTls = tls(owner.host(), owner.admitted(), view, quiet);
    var tls =
        new HostTls(options, certificates, view, quiet)
            .forOtherName(name, ownersTls, parentHasTls(name, view));
    if (tls.on() && !tls.text().equals(ownersTls.text())) {
      others.report(
          owner,
          Severity.WARNING,
          "the certificate of host "
              + owner.host()
              + " does not cover "
              + name
              + "; the default certificate is shown");
    }
    var pattern = HostPattern.of(name);
    var result =
        switch (owner.kind()) {
          case ALIAS ->
              new HostCompile(options, catalog, view, quiet)
                  .compile(owner.host(), pattern, owner.traits(), tls);
          case TWIN ->
              owner
                  .part()
                  .draft()
                  .twin()
                  .map(twin -> redirecting(pattern, owner, twin, tls))
                  .orElseThrow();
        };
    return new HostResult(result.host(), result.certificate(), result.upstreams(), findings.list());
  }

  private static HostResult redirecting(
      HostPattern pattern, OtherHosts.Owner owner, HostDraft.Twin twin, HostTls.Choice tls) {
    var key = owner.part().contributor().ingress().key();
    var location =
        new Template(
            List.of(
                Template.Variable.SCHEME,
                new Template.Literal("://" + owner.host() + ":"),
                Template.Variable.PASS_SERVER_PORT,
                Template.Variable.REQUEST_URI_WITHOUT_SLASH));
    Route route =
        RouteCompile.own(
            new PathMatch.Prefix("/"),
            new RouteAction.Redirect(twin.status(), location),
            new RouteOrigin(key.namespace(), key.name(), "", "", "/"));
    return new HostResult(
        Optional.of(
            new VirtualHost(
                pattern, tls.text(), List.of(RouteCompile.filtered(route, twin.filters())))),
        tls.certificate(),
        Set.of(),
        List.of());
  }
}
