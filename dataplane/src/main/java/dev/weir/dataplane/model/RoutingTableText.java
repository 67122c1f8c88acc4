package dev.weir.dataplane.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as people read it: what {@code /debug/routes} shows and golden tests compare. The text is
 * a pure function of the table; columns are aligned within a host, so that a change of one host
 * leaves the lines of others alone.
 *
 * <pre>{@code
 * host shop.example.com                      tls default/shop-cert
 *   exact  /health  -> default/web:80    from default/shop
 *   prefix /api     -> default/api:8080  from default/shop
 *          body-limit 8m, ssl-redirect 308
 *   prefix /        -> respond 503 "Service default/missing not found"
 *
 * upstream default/web:80  10.0.0.1:8080 10.0.0.2:8080
 * }</pre>
 */
public final class RoutingTableText {
  private static final int TLS_COLUMN = 43;
  private static final int WIDEST_PATH = 40;
  private static final int WIDEST_ACTION = 60;
  private static final String UNDER_PATH = " ".repeat("  prefix ".length());

  private RoutingTableText() {}

  /** The whole table: hosts in matching order, an empty line, upstreams by name. */
  public static String of(RoutingTable table) {
    var text = new StringBuilder();
    for (var host : table.hosts().values()) {
      append(text, host);
    }
    if (!table.upstreams().isEmpty() && !table.hosts().isEmpty()) {
      text.append('\n');
    }
    for (var upstream : table.upstreams().values()) {
      append(text, upstream);
    }
    return text.toString();
  }

  /** One host with its routes. */
  public static String of(VirtualHost host) {
    var text = new StringBuilder();
    append(text, host);
    return text.toString();
  }

  /** One upstream with its endpoints, a line. */
  public static String of(Upstream upstream) {
    var text = new StringBuilder();
    append(text, upstream);
    return text.toString();
  }

  private static void append(StringBuilder text, VirtualHost host) {
    int start = text.length();
    text.append("host ").append(host.pattern().text());
    if (!host.tls().isEmpty()) {
      pad(text.append("  "), start, TLS_COLUMN).append("tls ").append(host.tls());
    }
    if (!host.ciphers().equals(CipherChoice.USUAL)) {
      text.append("  ciphers ").append(host.ciphers().text());
    }
    text.append('\n');
    var paths = new ArrayList<String>();
    var actions = new ArrayList<String>();
    var followed = new ArrayList<String>();
    for (var route : host.routes()) {
      paths.add(visible(route.match().path()));
      actions.add(action(route.action()));
      if (!route.origin().ingress().isEmpty()) {
        followed.add(actions.getLast());
      }
    }
    int pathWidth = width(paths, WIDEST_PATH);
    int actionWidth = width(followed, WIDEST_ACTION);
    for (int i = 0; i < paths.size(); i++) {
      var route = host.routes().get(i);
      text.append(
          switch (route.match()) {
            case PathMatch.Exact exact -> "  exact  ";
            case PathMatch.Prefix prefix -> "  prefix ";
            case PathMatch.Regex regex -> "  regex  ";
          });
      int column = text.length();
      pad(text.append(paths.get(i)), column, pathWidth).append("  -> ");
      column = text.length();
      text.append(actions.get(i));
      if (!route.origin().ingress().isEmpty()) {
        pad(text, column, actionWidth)
            .append("  from ")
            .append(route.origin().namespace())
            .append('/')
            .append(route.origin().ingress());
      }
      text.append('\n');
      appendSettings(text, route);
    }
  }

  private static void appendSettings(StringBuilder text, Route route) {
    var settings = new ArrayList<String>();
    if (route.action() instanceof RouteAction.Forward(_, _, var scheme)) {
      var policy = scheme.policy();
      if (policy != null) {
        settings.add("tls " + visible(policy.text()));
      }
    }
    for (var filter : route.filters()) {
      if (!filter.text().isEmpty()) {
        settings.add(filter.text());
      }
    }
    var timeouts = route.timeouts();
    if (!timeouts.equals(Timeouts.DEFAULT)) {
      settings.add(
          "timeouts connect=%dms read=%dms send=%dms"
              .formatted(
                  timeouts.connect().toMillis(),
                  timeouts.read().toMillis(),
                  timeouts.send().toMillis()));
    }
    var retries = route.retries();
    if (!retries.equals(RetryPolicy.DEFAULT)) {
      settings.add(retries.text());
    }
    if (!settings.isEmpty()) {
      text.append(UNDER_PATH).append(String.join(", ", settings)).append('\n');
    }
  }

  private static String action(RouteAction action) {
    return switch (action) {
      case RouteAction.Forward(var upstream, var otherwise, var scheme) ->
          scheme(scheme)
              + switch (otherwise) {
                case RouteAction.Status.UNAVAILABLE -> upstream.toString();
                case RouteAction.Status.NOT_FOUND -> upstream + " or 404";
                case RouteAction.StandIn(var other) -> upstream + " or " + other;
              };
      case RouteAction.Redirect redirect ->
          "redirect " + redirect.status() + " " + visible(redirect.location().text());
      case RouteAction.Respond respond ->
          "respond " + respond.status() + " \"" + visible(respond.reason()) + "\"";
    };
  }

  private static String scheme(UpstreamScheme scheme) {
    return switch (scheme) {
      case UpstreamScheme.Http() -> "";
      case UpstreamScheme.Https https -> "https ";
      case UpstreamScheme.AsClient as -> "http or https ";
    };
  }

  private static void append(StringBuilder text, Upstream upstream) {
    text.append("upstream ").append(upstream.id()).append("  ");
    switch (upstream.target()) {
      case Upstream.Target.Endpoints(var endpoints) -> text.append(endpoints(endpoints));
      case Upstream.Target.DnsName(var host, int port) ->
          text.append("dns ").append(host).append(':').append(port);
    }
    text.append('\n');
  }

  private static String endpoints(List<Endpoint> endpoints) {
    if (endpoints.isEmpty()) {
      return "no endpoints";
    }
    var words = new ArrayList<String>();
    for (var endpoint : endpoints) {
      words.add(endpoint.draining() ? endpoint.text() + "(draining)" : endpoint.text());
    }
    return String.join(" ", words);
  }

  private static int width(List<String> cells, int widest) {
    int width = 0;
    for (var cell : cells) {
      // A single long cell must not push every other line of its host out of sight.
      if (cell.length() <= widest) {
        width = Math.max(width, cell.length());
      }
    }
    return width;
  }

  private static StringBuilder pad(StringBuilder text, int column, int width) {
    int missing = width - (text.length() - column);
    return missing > 0 ? text.repeat(' ', missing) : text;
  }

  /**
   * Users' text on one line: a control character or quote can't imitate another line or column.
   * Bytes that a canonical path keeps opaque are shown encoded.
   */
  private static String visible(String raw) {
    StringBuilder escaped = null;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean opaque =
          c >= 0xDC00 && c < 0xDD00 && !(i > 0 && Character.isHighSurrogate(raw.charAt(i - 1)));
      boolean plain = c >= ' ' && c != '"' && !(c >= 0x7f && c < 0xa0) && !opaque;
      if (!plain && escaped == null) {
        escaped = new StringBuilder(raw.length() + 8).append(raw, 0, i);
      }
      if (escaped != null) {
        if (plain) {
          escaped.append(c);
        } else if (c == '"') {
          escaped.append("\\\"");
        } else {
          escaped.append((opaque ? "%%%02X" : "\\x%02x").formatted(c & 0xff));
        }
      }
    }
    return escaped == null ? raw : escaped.toString();
  }
}
