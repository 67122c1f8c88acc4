package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.PathPolicy;
import dev.weir.annotations.RedirectStyle;
import dev.weir.annotations.RouteDraft;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import dev.weir.controller.translate.Claims.Claim;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.SafePattern;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One compile of one host. */
final class HostCompile {
  private static final String DEFAULT_BACKEND = "spec.defaultBackend";
  private static final PathMatch ROOT_REGEX = new PathMatch.Regex(SafePattern.root());

  private final TranslateOptions options;
  private final AnnotationCatalog catalog;
  private final ClusterView view;
  private final Findings findings;
  private final Backends backends;
  private final Claims claims;

  HostCompile(
      TranslateOptions options, AnnotationCatalog catalog, ClusterView view, Findings findings) {
    this.options = options;
    this.catalog = catalog;
    this.view = view;
    this.findings = findings;
    this.backends = new Backends(options, view);
    this.claims = new Claims(findings);
  }

  /**
   * Compiles.
   *
   * @param host as its Ingresses name it
   * @param shown the pattern that the virtual host gets: the host's, or one of its other names
   */
  HostResult compile(String host, HostPattern shown, HostTraits traits, HostTls.Choice tls) {
    var pattern = HostPattern.of(host);
    var scope = new RouteCompile.Scope(pattern, tls.on(), traits.serviceTls());
    var routes = new RouteCompile(catalog, backends, scope);
    var working = new ArrayList<Contributor>();
    for (var part : traits.parts()) {
      var contributor = part.contributor();
      var matches = new PathMatches(traits.regex(), part.draft().hasRegexPaths());
      var share =
          Admission.guarded(
              contributor.ingress().ref(),
              findings,
              own -> Optional.of(claimsOf(contributor, host, routes, matches, own)));
      if (share.isPresent()) {
        share.get().forEach(claim -> claims.enter(claim, contributor));
        working.add(contributor);
      }
    }
    addRoot(host, working, routes, traits.regex());
    if (pattern instanceof HostPattern.Any) {
      addHealthCheck();
    }
    var byMatch = claims.byMatch();
    SlashRedirects.add(byMatch);
    AppRoots.settle(byMatch);
    var all = byMatch.values().stream().map(claim -> closed(claim, traits.closed())).toList();
    return new HostResult(
        Optional.of(new VirtualHost(shown, tls.text(), traits.ciphers(), all)),
        tls.certificate(),
        upstreams(all),
        findings.list());
  }

  private List<Claim> claimsOf(
      Contributor contributor,
      String host,
      RouteCompile routes,
      PathMatches matches,
      Findings own) {
    var found = new ArrayList<Claim>();
    for (var rule : contributor.ingress().rules()) {
      if (rule.host().equals(host)) {
        for (var path : rule.paths()) {
          claim(contributor, path, routes, matches, own).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private Optional<Claim> claim(
      Contributor contributor, Path path, RouteCompile routes, PathMatches matches, Findings own) {
    var ref = contributor.ingress().ref();
    if (!(path.backend() instanceof Backend.OfService backend)) {
      own.add(unserved(contributor.ingress(), path.field() + ".backend", path.backend()));
      return Optional.empty();
    }
    var matched = matches.of(path, ref, own);
    if (matched.isEmpty()) {
      return Optional.empty();
    }
    if (path.type() != PathType.IMPLEMENTATION_SPECIFIC
        && PathPolicy.asked(contributor.settings(), path.path())) {
      own.add(unusual(ref, path));
    }
    var target =
        backends.ofService(backend, new Backends.Place(ref, path.field() + ".backend"), own);
    var written = path.path().isEmpty() ? "/" : path.path();
    var wish = new RouteCompile.Wish(matched.get().match(), RouteDraft.Kind.RULE, target, written);
    var made = routes.route(contributor, wish, own);
    var route = matched.get().fault().map(why -> RouteCompile.denied(made.route(), why));
    return Optional.of(
        new Claim(
            matched.get(),
            route.orElse(made.route()),
            contributor.name(),
            path.field(),
            made.redirects()));
  }

  /** A path that {@code strict-validate-path-type} complains of. */
  static Finding unusual(ObjectRef ref, Path path) {
    return new Finding(
        Severity.WARNING,
        ref,
        path.field() + ".path",
        "\""
            + path.path()
            + "\" has other characters than letters, digits and ._-/, which a path of type Exact"
            + " or Prefix should not have",
        "write ImplementationSpecific if it is a pattern, or set strict-validate-path-type to"
            + " false");
  }

  private static Finding unserved(IngressResource ingress, String field, Backend backend) {
    var what = backend instanceof Backend.OfResource(var text) ? text : "";
    return new Finding(
        Severity.ERROR,
        ingress.ref(),
        field + ".resource",
        what + " can't be served (expected: a Service), so it is skipped",
        "");
  }

  /** Where no path takes it, {@code /} is the oldest Ingress's, whichever backend it leads to. */
  private void addRoot(
      String host, List<Contributor> contributors, RouteCompile routes, boolean regex) {
    var key = new PathMatch.Prefix("/");
    var candidates =
        contributors.stream()
            .filter(contributor -> !host.isEmpty() || catchAll(contributor.ingress()))
            .toList();
    if (!claims.has(key)) {
      var match = regex ? ROOT_REGEX : key;
      var matched = new PathMatches.Matched(key, match, false, Optional.empty());
      claims.putIfAbsent(root(host, matched, candidates.stream().findFirst(), routes));
    }
    if (host.isEmpty()) {
      reportLosers(candidates, claims.at(key));
    }
  }

  private Claim root(
      String host, PathMatches.Matched matched, Optional<Contributor> owner, RouteCompile routes) {
    var ownBackend = owner.flatMap(this::ownBackend);
    var wish =
        new RouteCompile.Wish(
            matched.match(),
            ownBackend.isPresent() ? RouteDraft.Kind.OWN_DEFAULT : RouteDraft.Kind.GLOBAL_DEFAULT,
            ownBackend.orElseGet(
                () -> backends.ofDefault(host.isEmpty() ? findings : new Findings())),
            "/");
    var route =
        owner.isEmpty()
            ? routes.routeOfNobody(wish, options.draftContext("", view), view)
            : Admission.guarded(
                    owner.get().ingress().ref(),
                    findings,
                    own -> Optional.of(routes.route(owner.get(), wish, own).route()))
                // Without the owner's settings nobody knows what protects the route.
                .orElseGet(
                    () ->
                        RouteCompile.own(
                            matched.match(),
                            RouteAction.Respond.denied(owner.get().name() + " can't be translated"),
                            RouteOrigin.NONE));
    return new Claim(
        matched,
        route,
        owner.map(Contributor::name).orElse(""),
        DEFAULT_BACKEND,
        RedirectStyle.DEFAULT);
  }

  /** Only one can answer for hosts that nobody named. */
  private void reportLosers(List<Contributor> catchAlls, Claim winner) {
    for (var contributor : catchAlls) {
      if (!contributor.name().equals(winner.owner())) {
        findings.add(
            Severity.WARNING,
            contributor.ingress().ref(),
            DEFAULT_BACKEND,
            "unknown hosts are taken by Ingress "
                + winner.owner()
                + " ("
                + winner.field()
                + "), so it is not used");
      }
    }
  }

  /** Only an Ingress without rules answers for hosts that nobody named. */
  private static boolean catchAll(IngressResource ingress) {
    return ingress.rules().isEmpty() && ingress.defaultBackend().isPresent();
  }

  private Optional<Backends.Target> ownBackend(Contributor owner) {
    return owner
        .ingress()
        .defaultBackend()
        .flatMap(
            backend -> {
              if (backend instanceof Backend.OfService service) {
                return Optional.of(
                    backends.ofService(
                        service,
                        new Backends.Place(owner.ingress().ref(), DEFAULT_BACKEND),
                        findings));
              }
              findings.add(unserved(owner.ingress(), DEFAULT_BACKEND, backend));
              return Optional.empty();
            });
  }

  private void addHealthCheck() {
    var match = new PathMatch.Exact(options.healthCheckPath());
    claims.putIfAbsent(
        new Claim(
            new PathMatches.Matched(match, match, false, Optional.empty()),
            RouteCompile.healthCheck(match),
            "",
            "",
            RedirectStyle.DEFAULT));
  }

  /** No Ingress may take the health check from the load balancer that all hosts are behind. */
  private static Route closed(Claim claim, Optional<String> why) {
    return why.isEmpty() || claim.field().isEmpty()
        ? claim.route()
        : RouteCompile.denied(claim.route(), why.get());
  }

  private static Set<UpstreamId> upstreams(List<Route> routes) {
    var upstreams = new HashSet<UpstreamId>();
    for (var route : routes) {
      if (route.action() instanceof RouteAction.Forward(var upstream, var otherwise, _)) {
        upstreams.add(upstream);
        if (otherwise instanceof RouteAction.StandIn(var standIn)) {
          upstreams.add(standIn);
        }
      }
      route.filters().forEach(filter -> upstreams.addAll(filter.upstreams()));
    }
    return upstreams;
  }
}
