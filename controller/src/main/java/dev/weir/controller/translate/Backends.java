package dev.weir.controller.translate;

import dev.weir.annotations.HostTls;
import dev.weir.annotations.RouteDraft;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.UpstreamId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides what a backend comes to: its Service port, or an answer that says that there is none. */
final class Backends {
  private final TranslateOptions options;
  private final ClusterView view;

  Backends(TranslateOptions options, ClusterView view) {
    this.options = options;
    this.view = view;
  }

  /** What a route does, and where it leads for logs and metrics. */
  record Target(RouteAction action, String service, String port) {
    /** The built-in 404. */
    static final Target NOT_FOUND = new Target(RouteAction.Respond.notFound(), "", "");
  }

  /** Where a backend stands. */
  record Place(ObjectRef ingress, String field) {
    String namespace() {
      return ingress.key().namespace();
    }
  }

  /** The target of a Service of an Ingress. */
  Target ofService(Backend.OfService backend, Place place, Findings findings) {
    var service = view.service(place.namespace(), backend.service());
    var port = backend.port().text();
    var fault =
        service == null
            ? Optional.of("Service " + place.namespace() + "/" + backend.service() + " not found")
            : fault(service, port);
    if (fault.isPresent()) {
      findings.add(
          new Finding(
              Severity.ERROR,
              place.ingress(),
              place.field(),
              fault.get() + "; requests are answered 503",
              ""));
      return new Target(RouteAction.Respond.noBackend(fault.get()), backend.service(), port);
    }
    var upstream = new UpstreamId(place.namespace(), backend.service(), port);
    return new Target(new RouteAction.Forward(upstream), backend.service(), port);
  }

  /**
   * What settings may know of the Service that a target leads to.
   *
   * @param hostTls how Ingresses of the host have TLS spoken to Services
   */
  RouteDraft.Backend described(Target target, List<HostTls> hostTls) {
    var service =
        target.action() instanceof RouteAction.Forward forward
            ? view.service(forward.upstream().namespace(), forward.upstream().service())
            : null;
    if (service == null) {
      return new RouteDraft.Backend("", false, hostTls);
    }
    var key = service.key();
    var name =
        service.type() == ServiceResource.Type.EXTERNAL_NAME
            ? service.externalName()
            : key.name() + "." + key.namespace() + ".svc";
    return new RouteDraft.Backend(name.toLowerCase(Locale.ROOT), service.hasAddress(), hostTls);
  }

  private Optional<String> fault(ServiceResource service, String port) {
    var id = new UpstreamId(service.key().namespace(), service.key().name(), port);
    var name = "Service " + id.namespace() + "/" + id.service();
    if (service.type() == ServiceResource.Type.EXTERNAL_NAME) {
      var refusal = ExternalNames.refusal(service, options.switches());
      return refusal.isPresent()
          ? refusal.map(why -> name + " is not used: " + why)
          : UpstreamTranslator.externalPort(service, port).isPresent()
              ? Optional.empty()
              : Optional.of(name + " has no port " + port);
    }
    return ServicePorts.find(service, port).isPresent()
            || UpstreamTranslator.portOfPortless(id, service).isPresent()
        ? Optional.empty()
        : Optional.of(
            name + " has no port " + port + " (it has: " + ServicePorts.list(service) + ")");
  }

  /** The proxy's own default backend: {@code --default-backend-service}, else 404. */
  Target ofDefault(Findings findings) {
    return options
        .references()
        .defaultBackend()
        .map(key -> ofDefault(key, findings))
        .orElse(Target.NOT_FOUND);
  }

  private Target ofDefault(ObjectKey key, Findings findings) {
    var service = view.service(key.namespace(), key.name());
    var port = service == null ? Optional.<String>empty() : firstPort(service);
    if (port.isPresent()) {
      var upstream = new UpstreamId(key.namespace(), key.name(), port.get());
      return new Target(
          new RouteAction.Forward(upstream, RouteAction.Status.NOT_FOUND), key.name(), port.get());
    }
    findings.add(
        new Finding(
            Severity.ERROR,
            new ObjectRef(key, ""),
            "",
            (service == null ? "not found" : "has no TCP port")
                + ", but --default-backend-service names it; unmatched requests are answered 404",
            ""));
    return Target.NOT_FOUND;
  }

  /** The first port of a Service that answers in the place of a route's backend. */
  Optional<UpstreamId> standIn(String namespace, Optional<String> service) {
    return service.flatMap(name -> firstUpstream(new ObjectKey(Kind.SERVICE, namespace, name)));
  }

  /** The first port of the proxy's own default backend; empty for the built-in 404. */
  Optional<UpstreamId> ofDefault() {
    return options.references().defaultBackend().flatMap(this::firstUpstream);
  }

  private Optional<UpstreamId> firstUpstream(ObjectKey key) {
    var service = view.service(key.namespace(), key.name());
    return Optional.ofNullable(service)
        .flatMap(Backends::firstPort)
        .map(port -> new UpstreamId(key.namespace(), key.name(), port));
  }

  private static Optional<String> firstPort(ServiceResource service) {
    return service.ports().stream()
        .filter(port -> port.protocol().equals("TCP"))
        .map(port -> Integer.toString(port.port()))
        .findFirst();
  }
}
