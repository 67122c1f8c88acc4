package dev.weir.dataplane.router;

import dev.weir.dataplane.http.HostName;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.PatternException;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.SafePattern;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Random tables and requests, and the slow matcher that they are compared with. */
final class Tables {
  private static final List<String> LABELS = List.of("a", "b", "shop", "x-1", "_y", "example");
  private static final List<String> ELEMENTS = List.of("a", "b", "api", "v1", "foo", "foobar", "é");

  private static final List<String> EXPRESSIONS =
      List.of(
          "a",
          "b",
          "api",
          "[a-f]+",
          "foo.*",
          "(foo|bar)",
          "v[0-9]$",
          "a|/foo",
          "ap?",
          "fooba*",
          "s",
          "K",
          ".",
          "",
          "(.*)",
          "a{2}",
          "b+",
          "[^/]*",
          "é");

  private final Random random;

  Tables(Random random) {
    this.random = random;
  }

  static Route route(PathMatch match, int version) {
    return new Route(
        match,
        new RouteAction.Forward(new UpstreamId("default", "web", Integer.toString(version))),
        RouteOrigin.NONE,
        List.of(),
        Timeouts.DEFAULT,
        RetryPolicy.DEFAULT);
  }

  static VirtualHost host(String pattern, PathMatch... matches) {
    var routes = new ArrayList<Route>();
    for (var match : matches) {
      routes.add(route(match, 1));
    }
    routes.sort((a, b) -> a.match().compareTo(b.match()));
    return new VirtualHost(HostPattern.of(pattern), "", routes);
  }

  String name() {
    var labels = new ArrayList<String>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      labels.add(LABELS.get(random.nextInt(LABELS.size())));
    }
    return String.join(".", labels);
  }

  HostPattern pattern() {
    return switch (random.nextInt(12)) {
      case 0 -> new HostPattern.Any();
      case 1, 2 -> new HostPattern.Wildcard(name());
      case 3 -> new HostPattern.DeepWildcard(name());
      case 4 -> new HostPattern.TrailingWildcard(name());
      case 5 -> HostPattern.of(random.nextBoolean() ? "~a.b$" : "~^" + name());
      default -> new HostPattern.Exact(name());
    };
  }

  String path() {
    var path = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append('/').append(ELEMENTS.get(random.nextInt(ELEMENTS.size())));
    }
    return path.isEmpty() || random.nextInt(4) == 0 ? path.append('/').toString() : path.toString();
  }

  /** A path as requests have it: in any case, with characters that differ from ASCII by case. */
  String requestPath() {
    var path = path();
    return switch (random.nextInt(6)) {
      case 0 -> path.toUpperCase(Locale.ROOT);
      case 1 -> path.replace('s', '\u017F').replace("o", "\uDC2F");
      case 2 -> path.replace("b", "\u212A");
      default -> path;
    };
  }

  /** An expression that RE2 takes. */
  private PathMatch regex() {
    var text = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      text.append('/').append(EXPRESSIONS.get(random.nextInt(EXPRESSIONS.size())));
    }
    return random.nextInt(8) == 0
        ? new PathMatch.Regex(SafePattern.literal(path()))
        : regex(text.toString());
  }

  static PathMatch regex(String text) {
    try {
      return new PathMatch.Regex(SafePattern.of(text, true));
    } catch (PatternException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  VirtualHost host(HostPattern pattern, int mostRoutes) {
    var matches = new HashSet<PathMatch>();
    boolean regexes = random.nextInt(3) == 0;
    for (int i = random.nextInt(mostRoutes); i > 0; i--) {
      boolean exact = random.nextInt(3) == 0;
      if (regexes && random.nextInt(8) > 0) {
        matches.add(regex());
      } else {
        matches.add(exact ? new PathMatch.Exact(path()) : new PathMatch.Prefix(path()));
      }
    }
    if (random.nextInt(5) > 0) {
      matches.add(new PathMatch.Prefix("/"));
    }
    var routes = new ArrayList<Route>();
    for (var match : matches) {
      routes.add(route(match, random.nextInt(3)));
    }
    routes.sort((a, b) -> a.match().compareTo(b.match()));
    return new VirtualHost(pattern, "", routes);
  }

  Map<HostPattern, VirtualHost> table(int mostHosts, int mostRoutes) {
    var hosts = new TreeMap<HostPattern, VirtualHost>();
    for (int i = random.nextInt(mostHosts); i > 0; i--) {
      var pattern = pattern();
      hosts.put(pattern, host(pattern, mostRoutes));
    }
    return hosts;
  }

  /** The slow reference: the first pattern in order that takes the host, then its first match. */
  static @Nullable Route slowFind(Map<HostPattern, VirtualHost> table, String host, String path) {
    for (var entry : new TreeMap<>(table).entrySet()) {
      if (takes(entry.getKey(), host)) {
        return entry.getValue().routes().stream()
            .sorted((a, b) -> a.match().compareTo(b.match()))
            .filter(route -> route.match().matches(path))
            .findFirst()
            .orElse(null);
      }
    }
    return null;
  }

  private static boolean takes(HostPattern pattern, String host) {
    return switch (pattern) {
      case HostPattern.Exact(var name) -> host.equals(name);
      case HostPattern.Wildcard(var suffix) -> {
        int label = host.length() - suffix.length() - 1;
        yield label > 0
            && host.endsWith("." + suffix)
            && host.substring(0, label).chars().allMatch(c -> HostName.isLabel((char) c));
      }
      case HostPattern.Any any -> true;
      case HostPattern.DeepWildcard(var suffix) ->
          host.endsWith("." + suffix) && host.length() > suffix.length() + 1;
      case HostPattern.TrailingWildcard(var prefix) ->
          host.startsWith(prefix + ".") && host.length() > prefix.length() + 1;
      case HostPattern.Regex(var expression) -> expression.found(host);
    };
  }
}
