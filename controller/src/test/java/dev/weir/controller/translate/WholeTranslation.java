package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.RoutingTableText;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.tls.ServerCertificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Everything in a cluster, translated from nothing. */
record WholeTranslation(
    RoutingTable table,
    Optional<ServerCertificate> defaultCertificate,
    VirtualHost anyOfNothing,
    List<Finding> findings) {

  static WholeTranslation of(ClusterState state, TranslateOptions options) {
    return of(state, state.hosts(), options);
  }

  static WholeTranslation of(ClusterView view, Set<String> hosts, TranslateOptions options) {
    var findings = new LinkedHashSet<Finding>();
    var settings = new SettingsTranslator(options).translate(view);
    findings.addAll(settings.findings());
    var translator = new HostTranslator(options);
    SortedMap<HostPattern, VirtualHost> virtualHosts = new TreeMap<>();
    SortedMap<HostPattern, ServerCertificate> certificates = new TreeMap<>();
    var upstreams = new LinkedHashSet<UpstreamId>();
    var names = new TreeSet<>(hosts);
    names.add("");
    for (var name : names) {
      var result = translator.translate(name, view);
      findings.addAll(result.findings());
      upstreams.addAll(result.upstreams());
      result.host().ifPresent(host -> virtualHosts.put(host.pattern(), host));
      result.certificate().ifPresent(found -> certificates.put(HostPattern.of(name), found));
    }
    var table =
        new RoutingTable(
            virtualHosts,
            upstreams(upstreams, view, new UpstreamTranslator(options), findings),
            certificates,
            settings.settings());
    return new WholeTranslation(
        table, settings.defaultCertificate(), anyOfNothing(options), List.copyOf(findings));
  }

  private static SortedMap<String, Upstream> upstreams(
      Set<UpstreamId> ids, ClusterView view, UpstreamTranslator translator, Set<Finding> findings) {
    var upstreams = new TreeMap<String, Upstream>();
    for (var id : ids) {
      var result = translator.translate(id, view);
      findings.addAll(result.findings());
      upstreams.put(id.name(), result.upstream());
    }
    return upstreams;
  }

  private static VirtualHost anyOfNothing(TranslateOptions options) {
    return new HostTranslator(options).translate("", new ClusterState(null)).host().orElseThrow();
  }

  /**
   * The table without the catch-all host that every table has, then certificates by host, then
   * settings that differ from the defaults.
   */
  String text() {
    var hosts = new TreeMap<>(table.hosts());
    hosts.values().removeIf(host -> host.equals(anyOfNothing));
    var text = new StringBuilder();
    text.append(
        RoutingTableText.of(
            new RoutingTable(hosts, table.upstreams(), table.certificates(), table.settings())));
    var certificates = new ArrayList<String>();
    table.certificates().forEach((host, found) -> certificates.add(line(host.text(), found)));
    defaultCertificate
        .filter(found -> !found.names().contains("ingress.local"))
        .ifPresent(found -> certificates.add(line("by default", found)));
    if (!certificates.isEmpty()) {
      text.append('\n');
      certificates.forEach(text::append);
    }
    if (!table.settings().equals(ProxySettings.DEFAULT)) {
      text.append('\n').append(table.settings()).append('\n');
    }
    return text.toString();
  }

  private static String line(String host, ServerCertificate certificate) {
    return "certificate " + host + "  for " + String.join(", ", certificate.names()) + "\n";
  }
}
