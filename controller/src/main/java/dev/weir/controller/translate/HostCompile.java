package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.RouteDraft;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One compile of one host. */
final class HostCompile {
  private static final String DEFAULT_BACKEND = "spec.defaultBackend";

  private final TranslateOptions options;
  private final AnnotationCatalog catalog;
  private final ClusterView view;
  private final Findings findings;
  private final Backends backends;
  private final TreeMap<PathMatch, Claim> claims = new TreeMap<>();

  HostCompile(
      TranslateOptions options, AnnotationCatalog catalog, ClusterView view, Findings findings) {
    this.options = options;
    this.catalog = catalog;
    this.view = view;
    this.findings = findings;
    this.backends = new Backends(options, view);
  }

  /**
   * A path with its route.
   *
   * @param owner {@code namespace/name} of the Ingress
   * @param field where it stands in the Ingress; empty for the proxy's health check
   */
  record Claim(Route route, String owner, String field) {}

  HostResult compile(String host, Admission.Admitted admitted, HostTls.Choice tls) {
    var pattern = HostPattern.of(host);
    var routes = new RouteCompile(catalog, backends, pattern, tls.on());
    var working = new ArrayList<Contributor>();
    Optional<String> closed = Optional.empty();
    for (var contributor : admitted.served()) {
      var share =
          Admission.guarded(
              contributor.ingress().ref(),
              findings,
              own -> Optional.of(share(contributor, host, routes, own)));
      if (share.isPresent()) {
        share.get().claims.forEach(claim -> enter(claim, contributor));
        closed = closed.or(share.get()::closed);
        working.add(contributor);
      }
    }
    for (var dropped : admitted.dropped()) {
      closed =
          closed.or(
              () ->
                  Admission.guarded(
                      dropped.ingress().ref(), findings, own -> closing(dropped, host, own)));
    }
    addRoot(host, working, routes);
    SlashRedirects.add(claims);
    if (pattern instanceof HostPattern.Any) {
      addHealthCheck();
    }
    var reason = closed;
    var all = claims.values().stream().map(claim -> closed(claim, reason)).toList();
    var virtualHost = new VirtualHost(pattern, tls.text(), all);
    return new HostResult(
        Optional.of(virtualHost), tls.certificate(), upstreams(all), findings.list());
  }

  /**
   * What one Ingress contributes.
   *
   * @param closed why it closes the whole host
   */
  private record Share(List<Claim> claims, Optional<String> closed) {}

  private Share share(Contributor contributor, String host, RouteCompile routes, Findings own) {
    return new Share(claimsOf(contributor, host, routes, own), closing(contributor, host, own));
  }

  /** Why an Ingress closes the whole host. */
  private Optional<String> closing(Contributor contributor, String host, Findings own) {
    var draft = new HostDraft(contributor.context(), HostPattern.of(host));
    catalog.features().forEach(feature -> feature.applyHost(contributor.settings(), draft));
    own.addProblems(contributor.ingress().ref(), draft.problems());
    return draft.denied().map(why -> contributor.name() + ": " + why);
  }

  private List<Claim> claimsOf(
      Contributor contributor, String host, RouteCompile routes, Findings own) {
    var found = new ArrayList<Claim>();
    for (var rule : contributor.ingress().rules()) {
      if (rule.host().equals(host)) {
        for (var path : rule.paths()) {
          claim(contributor, path, routes, own).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private Optional<Claim> claim(
      Contributor contributor, Path path, RouteCompile routes, Findings own) {
    var ref = contributor.ingress().ref();
    if (!(path.backend() instanceof Backend.OfService backend)) {
      own.add(unserved(contributor.ingress(), path.field() + ".backend", path.backend()));
      return Optional.empty();
    }
    if (!(IngressPath.read(path.path()) instanceof IngressPath.Result.Ok(var canonical))) {
      own.add(
          Severity.ERROR,
          ref,
          path.field() + ".path",
          "no request can have such a path, so it is skipped: " + fault(path.path()));
      return Optional.empty();
    }
    var match =
        path.type() == PathType.EXACT
            ? new PathMatch.Exact(canonical)
            : new PathMatch.Prefix(canonical);
    var target =
        backends.ofService(backend, new Backends.Place(ref, path.field() + ".backend"), own);
    var written = path.path().isEmpty() ? "/" : path.path();
    var route =
        routes.route(
            contributor, new RouteCompile.Wish(match, RouteDraft.Kind.RULE, target, written), own);
    return Optional.of(new Claim(route, contributor.name(), path.field()));
  }

  private static String fault(String path) {
    return IngressPath.read(path) instanceof IngressPath.Result.Bad(var fault) ? fault : "";
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

  private void enter(Claim claim, Contributor contributor) {
    var winner = claims.putIfAbsent(claim.route.match(), claim);
    if (winner != null) {
      var type = claim.route.match() instanceof PathMatch.Exact ? "Exact" : "Prefix";
      findings.add(
          new Finding(
              Severity.WARNING,
              contributor.ingress().ref(),
              claim.field,
              type
                  + " "
                  + claim.route.match().path()
                  + " is taken by Ingress "
                  + winner.owner
                  + " ("
                  + winner.field
                  + "), so it is skipped",
              "remove one of them"));
    }
  }

  /** Where no path takes it, {@code /} is the oldest Ingress's, whichever backend it leads to. */
  private void addRoot(String host, List<Contributor> contributors, RouteCompile routes) {
    var match = new PathMatch.Prefix("/");
    var candidates =
        contributors.stream()
            .filter(contributor -> !host.isEmpty() || catchAll(contributor.ingress()))
            .toList();
    if (!claims.containsKey(match)) {
      claims.put(match, root(host, match, candidates.stream().findFirst(), routes));
    }
    if (host.isEmpty()) {
      reportLosers(candidates, Objects.requireNonNull(claims.get(match)));
    }
  }

  private Claim root(
      String host, PathMatch match, Optional<Contributor> owner, RouteCompile routes) {
    var ownBackend = owner.flatMap(this::ownBackend);
    var wish =
        new RouteCompile.Wish(
            match,
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
                    own -> Optional.of(routes.route(owner.get(), wish, own)))
                // Without the owner's settings nobody knows what protects the route.
                .orElseGet(
                    () ->
                        RouteCompile.own(
                            match,
                            RouteAction.Respond.denied(owner.get().name() + " can't be translated"),
                            RouteOrigin.NONE));
    return new Claim(route, owner.map(Contributor::name).orElse(""), DEFAULT_BACKEND);
  }

  /** Only one can answer for hosts that nobody named. */
  private void reportLosers(List<Contributor> catchAlls, Claim winner) {
    for (var contributor : catchAlls) {
      if (!contributor.name().equals(winner.owner)) {
        findings.add(
            Severity.WARNING,
            contributor.ingress().ref(),
            DEFAULT_BACKEND,
            "unknown hosts are taken by Ingress "
                + winner.owner
                + " ("
                + winner.field
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
    claims.putIfAbsent(match, new Claim(RouteCompile.healthCheck(match), "", ""));
  }

  /** No Ingress may take the health check from the load balancer that all hosts are behind. */
  private static Route closed(Claim claim, Optional<String> why) {
    return why.isEmpty() || claim.field.isEmpty()
        ? claim.route
        : RouteCompile.denied(claim.route, why.get());
  }

  private static Set<UpstreamId> upstreams(List<Route> routes) {
    var upstreams = new HashSet<UpstreamId>();
    for (var route : routes) {
      if (route.action() instanceof RouteAction.Forward(var upstream, var otherwise)) {
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
