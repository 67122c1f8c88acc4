package dev.weir.controller.loop;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.tls.ServerCertificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane serves, and the difference that would make it equal to what is compiled. A
 * difference that could not be applied is computed again with the next one.
 */
final class AppliedTable {
  private final Map<String, VirtualHost> hosts = new HashMap<>();
  private final Map<String, ServerCertificate> certificates = new HashMap<>();
  private final Map<UpstreamId, Upstream> upstreams = new HashMap<>();
  private ProxySettings settings = ProxySettings.DEFAULT;
  private @Nullable ServerCertificate defaultCertificate;
  private final Set<String> pendingHosts = new HashSet<>();
  private final Set<UpstreamId> pendingUpstreams = new HashSet<>();
  private int routes;

  /** What has to change so that the data plane serves {@code compiled}. */
  TableChange difference(Compilation compiled, Compilation.Touched touched) {
    pendingHosts.addAll(touched.hosts());
    pendingUpstreams.addAll(touched.upstreams());
    var change = new Draft();
    for (var host : pendingHosts) {
      var result = compiled.host(host);
      change.host(
          host,
          result == null ? null : result.host().orElse(null),
          result == null ? null : result.certificate().orElse(null));
    }
    for (var id : pendingUpstreams) {
      var result = compiled.upstream(id);
      change.upstream(id, result == null ? null : result.upstream());
    }
    return change.finish(compiled);
  }

  /** The data plane serves {@code change} now. */
  void applied(TableChange change) {
    pendingHosts.clear();
    pendingUpstreams.clear();
    change.hosts().forEach((pattern, host) -> count(hosts.put(key(pattern), host), host));
    change.removedHosts().forEach(pattern -> count(hosts.remove(key(pattern)), null));
    change.certificates().put().forEach((pattern, c) -> certificates.put(key(pattern), c));
    change.certificates().removed().forEach(pattern -> certificates.remove(key(pattern)));
    change.certificates().defaultCertificate().ifPresent(c -> defaultCertificate = c);
    upstreams.putAll(change.upstreams());
    change.removedUpstreams().forEach(upstreams::remove);
    change.settings().ifPresent(now -> settings = now);
  }

  private void count(@Nullable VirtualHost before, @Nullable VirtualHost after) {
    routes -= before == null ? 0 : before.routes().size();
    routes += after == null ? 0 : after.routes().size();
  }

  private static String key(HostPattern pattern) {
    return pattern instanceof HostPattern.Any ? "" : pattern.text();
  }

  int hostCount() {
    return hosts.size();
  }

  int routeCount() {
    return routes;
  }

  int upstreamCount() {
    return upstreams.size();
  }

  int certificateCount() {
    return certificates.size();
  }

  /** Each certificate that a host shows, with the host's text about its TLS; in no order. */
  void forEachCertificate(BiConsumer<String, ServerCertificate> action) {
    certificates.forEach(
        (name, certificate) -> {
          var host = hosts.get(name);
          if (host != null) {
            action.accept(host.tls(), certificate);
          }
        });
  }

  /** The whole table; a copy. */
  RoutingTable table() {
    var byPattern = new TreeMap<HostPattern, VirtualHost>();
    hosts.values().forEach(host -> byPattern.put(host.pattern(), host));
    var byName = new TreeMap<String, Upstream>();
    upstreams.forEach((id, upstream) -> byName.put(id.toString(), upstream));
    var shown = new TreeMap<HostPattern, ServerCertificate>();
    certificates.forEach((host, certificate) -> shown.put(HostPattern.of(host), certificate));
    return new RoutingTable(byPattern, byName, shown, settings);
  }

  /** Collects a change. */
  private final class Draft {
    private final Map<HostPattern, VirtualHost> putHosts = new HashMap<>();
    private final Set<HostPattern> removedHosts = new HashSet<>();
    private final Map<UpstreamId, Upstream> putUpstreams = new HashMap<>();
    private final Set<UpstreamId> removedUpstreams = new HashSet<>();
    private final Map<HostPattern, ServerCertificate> putCertificates = new HashMap<>();
    private final Set<HostPattern> removedCertificates = new HashSet<>();

    void host(String host, @Nullable VirtualHost now, @Nullable ServerCertificate certificate) {
      var pattern = HostPattern.of(host);
      var before = hosts.get(host);
      if (now == null && before != null) {
        removedHosts.add(pattern);
      } else if (now != null && !now.equals(before)) {
        putHosts.put(pattern, now);
      }
      var shown = certificates.get(host);
      if (certificate == null && shown != null) {
        removedCertificates.add(pattern);
      } else if (certificate != null && !certificate.equals(shown)) {
        putCertificates.put(pattern, certificate);
      }
    }

    void upstream(UpstreamId id, @Nullable Upstream now) {
      var before = upstreams.get(id);
      if (now == null && before != null) {
        removedUpstreams.add(id);
      } else if (now != null && !now.equals(before)) {
        putUpstreams.put(id, now);
      }
    }

    TableChange finish(Compilation compiled) {
      var result = compiled.settings();
      var newSettings =
          Optional.ofNullable(result).map(r -> r.settings()).filter(now -> !now.equals(settings));
      var newDefault =
          Optional.ofNullable(result)
              .flatMap(r -> r.defaultCertificate())
              .filter(now -> !now.equals(defaultCertificate));
      return new TableChange(
          putHosts,
          removedHosts,
          putUpstreams,
          removedUpstreams,
          new TableChange.Certificates(putCertificates, removedCertificates, newDefault),
          newSettings);
    }
  }
}
