package dev.weir.controller.cli;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.SslRedirect;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Three commands that get an answer from a table's endpoints: plain HTTP, HTTPS, and a redirect
 * from the one to the other. Names are resolved on the command line, so they work as pasted.
 */
final class CurlLines {
  private record Target(String host, String path) {}

  private CurlLines() {}

  /** The commands, as far as the table has hosts for them. */
  static List<String> of(RoutingTable table, int httpPort, int httpsPort) {
    var lines = new ArrayList<String>();
    find(table, (host, route) -> !redirects(route))
        .ifPresent(
            target ->
                lines.add(
                    "curl -H 'Host: "
                        + target.host
                        + "' "
                        + url("http://127.0.0.1", httpPort, target.path)));
    find(table, (host, route) -> !host.tls().isEmpty())
        .ifPresent(
            target ->
                lines.add(
                    "curl -k "
                        + resolve(target.host, httpsPort)
                        + url("https://" + target.host, httpsPort, target.path)));
    find(table, (host, route) -> redirects(route))
        .ifPresent(
            target ->
                lines.add(
                    "curl -kL "
                        + resolve(target.host, httpPort)
                        + resolve(target.host, httpsPort)
                        + url("http://" + target.host, httpPort, target.path)));
    return lines;
  }

  private static Optional<Target> find(
      RoutingTable table, BiPredicate<VirtualHost, Route> condition) {
    for (var host : table.hosts().values()) {
      if (!(host.pattern() instanceof HostPattern.Exact)) {
        continue;
      }
      // Longest paths come first; the plainest example is the shortest.
      for (var route : host.routes().reversed()) {
        if (condition.test(host, route) && answers(table, route) && plain(route)) {
          return Optional.of(new Target(host.pattern().text(), route.match().path()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean redirects(Route route) {
    return route.filters().stream().anyMatch(SslRedirect.class::isInstance);
  }

  private static boolean answers(RoutingTable table, Route route) {
    if (!(route.action() instanceof RouteAction.Forward forward)) {
      return false;
    }
    var upstream = table.upstreams().get(forward.upstream().toString());
    return upstream != null
        && upstream.target() instanceof Upstream.Target.Endpoints(var endpoints)
        && !endpoints.isEmpty();
  }

  /** Whether the path can stand in a shell's quotes and in a URL as it is. */
  private static boolean plain(Route route) {
    var harmless =
        route.match() instanceof PathMatch.Regex
            ? "[-A-Za-z0-9_~/]*"
            : "[-A-Za-z0-9._~/:@!$&()*+,;=]*";
    return route.match().path().matches(harmless);
  }

  private static String resolve(String host, int port) {
    return "--resolve " + host + ":" + port + ":127.0.0.1 ";
  }

  private static String url(String origin, int port, String path) {
    return "'" + origin + ":" + port + path + "'";
  }
}
