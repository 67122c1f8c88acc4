package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.ReadSettings;
import dev.weir.annotations.UpstreamDraft;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the endpoints of a Service port, or its own address where that is asked for.
 *
 * <p>Ready endpoints are used; where there is none, those that are terminating and still serving,
 * marked as draining, as kube-proxy does. An endpoint that several slices list is taken once. Of a
 * Service that has IPv4 and IPv6 endpoints only the IPv4 ones are used: they are the same pods, and
 * counting a pod twice would spoil round robin.
 *
 * <p>Addresses of slices are taken as they are: an API server accepts no loopback, link-local,
 * link-local multicast or unspecified address there (Kubernetes' {@code ValidateNonSpecialIP}), and
 * in a folder of manifests they are wanted. Names of ExternalName Services, which nobody checks,
 * are checked here and again where they are resolved.
 */
public final class UpstreamTranslator {
  private final TranslateOptions options;
  private final AnnotationCatalog catalog = AnnotationCatalog.standard();

  /** Translates under the flags in {@code options}. */
  public UpstreamTranslator(TranslateOptions options) {
    this.options = options;
  }

  /** The upstream as it is now; without endpoints if the Service or its port is missing. */
  public UpstreamResult translate(UpstreamId id, ClusterView view) {
    var service = view.service(id.namespace(), id.service());
    if (service == null) {
      return without(id, view);
    }
    if (service.type() == ServiceResource.Type.EXTERNAL_NAME) {
      return external(id, service, view);
    }
    var port = ServicePorts.find(service, id.port()).or(() -> portOfPortless(id, service));
    if (port.isEmpty()) {
      return without(id, view);
    }
    if (id.reach() == UpstreamId.Reach.SERVICE && service.hasAddress()) {
      // Whether anybody is behind it is the cluster's business.
      var own = new Endpoint(service.clusterIp(), port.get().port(), "", "", false);
      return result(id, new Upstream.Target.Endpoints(List.of(own)), view);
    }
    var found = new LinkedHashMap<String, Candidate>();
    for (var slice : view.endpointsOf(id.namespace(), id.service())) {
      for (var group : slice.groups()) {
        collect(new Wanted(service, port.get()), group, found);
      }
    }
    return result(id, new Upstream.Target.Endpoints(chosen(found)), view);
  }

  private UpstreamResult without(UpstreamId id, ClusterView view) {
    return result(id, new Upstream.Target.Endpoints(List.of()), view);
  }

  private UpstreamResult result(UpstreamId id, Upstream.Target target, ClusterView view) {
    var draft = new UpstreamDraft(options.draftContext(id.namespace(), view), id);
    var settings = ReadSettings.withoutIngress(view::setting);
    catalog.features().forEach(feature -> feature.applyUpstream(settings, draft));
    return new UpstreamResult(new Upstream(id, target, draft.balancing()), List.of());
  }

  private UpstreamResult external(UpstreamId id, ServiceResource service, ClusterView view) {
    var port = externalPort(service, id.port());
    if (port.isEmpty() || ExternalNames.refusal(service, options.switches()).isPresent()) {
      return without(id, view);
    }
    return result(id, new Upstream.Target.DnsName(service.externalName(), port.get()), view);
  }

  /** The targetPort of the listed port, else the number itself. */
  static Optional<Integer> externalPort(ServiceResource service, String text) {
    return ServicePorts.find(service, text)
        .map(port -> ServicePorts.number(port.targetPort()).orElse(port.port()))
        .or(() -> ServicePorts.number(text));
  }

  /** A headless Service needs no ports: then the number is the pods' own. */
  static Optional<ServiceResource.Port> portOfPortless(UpstreamId id, ServiceResource service) {
    if (!service.ports().isEmpty() || !service.clusterIp().equals("None")) {
      return Optional.empty();
    }
    return ServicePorts.number(id.port())
        .map(number -> new ServiceResource.Port("", number, id.port(), "TCP"));
  }

  private record Wanted(ServiceResource service, ServiceResource.Port port) {}

  private record Candidate(Endpoint endpoint, boolean ready) {}

  private static void collect(
      Wanted wanted, EndpointsResource.Group group, Map<String, Candidate> found) {
    var number = portOf(wanted, group);
    if (number.isEmpty()) {
      return;
    }
    for (var address : group.addresses()) {
      boolean draining = !address.ready() && address.serving() && address.terminating();
      if (address.ready() || draining) {
        var endpoint =
            new Endpoint(address.ip(), number.get(), address.podUid(), address.zone(), draining);
        // Two slices may disagree for a moment while an endpoint moves between them.
        found.merge(
            endpoint.text(),
            new Candidate(endpoint, address.ready()),
            (one, other) -> one.ready() || !other.ready() ? one : other);
      }
    }
  }

  private static Optional<Integer> portOf(Wanted wanted, EndpointsResource.Group group) {
    if (group.ports().isEmpty()) {
      return ServicePorts.number(wanted.port.targetPort());
    }
    var tcp = group.ports().stream().filter(port -> port.protocol().equals("TCP")).toList();
    for (var port : tcp) {
      if (port.name().equals(wanted.port.name())) {
        return Optional.of(port.port());
      }
    }
    // Hand-written endpoints of a Service with one port often name it otherwise.
    boolean unambiguous = tcp.size() == 1 && wanted.service.ports().size() <= 1;
    return unambiguous && (wanted.port.name().isEmpty() || tcp.getFirst().name().isEmpty())
        ? Optional.of(tcp.getFirst().port())
        : Optional.empty();
  }

  private static List<Endpoint> chosen(Map<String, Candidate> found) {
    var ready = found.values().stream().filter(Candidate::ready).map(Candidate::endpoint).toList();
    var usable =
        ready.isEmpty() ? found.values().stream().map(Candidate::endpoint).toList() : ready;
    var ipv4 = usable.stream().filter(endpoint -> endpoint.ip().indexOf(':') < 0).toList();
    return (ipv4.isEmpty() ? usable : ipv4)
        .stream().sorted(Comparator.comparing(Endpoint::text)).toList();
  }
}
