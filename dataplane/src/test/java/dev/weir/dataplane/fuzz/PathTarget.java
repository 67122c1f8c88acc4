package dev.weir.dataplane.fuzz;

import dev.weir.dataplane.http.CanonicalPath;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.router.HostRoutes;
import dev.weir.dataplane.router.Router;
import dev.weir.dataplane.router.SplitView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Any target: its path, what is forwarded of it, and the route that every server would see. */
public final class PathTarget {
  private static final HostRoutes<String> ROUTES = routes("/", "/public", "/admin", "/a/b");

  private PathTarget() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    var target = Finding.text(input);
    var plain = CanonicalPath.ifPlain(target);
    switch (CanonicalPath.of(target)) {
      case CanonicalPath.Bad ignored -> Finding.unlessEqual("plain", null, plain);
      case CanonicalPath.Ok ok -> {
        if (plain != null) {
          Finding.unlessEqual("plain", new CanonicalPath.Ok(plain, false, false), ok);
        }
        checkPath(target, ok);
        checkForwarded(target, ok);
        checkRoute(target, ok);
      }
    }
  }

  private static void checkPath(String target, CanonicalPath.Ok ok) {
    Finding.unlessEqual("read slowly", SlowPath.read(target, 0), shown(ok.path()));
    Finding.unless(ok.path().startsWith("/"), "no slash at the beginning", ok);
    Finding.unless(!ok.path().contains("//"), "a run of slashes", ok);
    for (var segment : ok.path().split("/", -1)) {
      Finding.unless(!segment.equals(".") && !segment.equals(".."), "a dot segment", ok);
    }
    var path = target.replaceFirst("\\?.*", "");
    boolean ambiguous = path.matches("(?i).*(;|%3b|%2f|%5c).*");
    Finding.unlessEqual("ambiguous", ambiguous, ok.ambiguous());
    Finding.unlessEqual(
        "idempotent", ok.path(), pathOf(encoded(ok.path()), "the encoded canonical path"));
  }

  private static void checkForwarded(String target, CanonicalPath.Ok ok) {
    var forwarded = CanonicalPath.forwarded(target);
    Finding.unlessEqual("route(forwarded)", ok.path(), pathOf(forwarded, "what is forwarded"));
    Finding.unlessEqual("forwarded twice", forwarded, CanonicalPath.forwarded(forwarded));
    Finding.unless(
        !forwarded.replaceFirst("\\?.*", "").matches("(?i).*/(\\.|%2e){1,2}(/.*)?"),
        "dot segments are forwarded",
        forwarded);
    int query = target.indexOf('?');
    Finding.unless(query < 0 || forwarded.endsWith(target.substring(query)), "query", forwarded);
    if (!ok.hadDotSegments()) {
      Finding.unlessEqual("forwarded as received", target, forwarded);
    }
  }

  /** Unless the request is refused, every server sees a path of the same route. */
  private static void checkRoute(String target, CanonicalPath.Ok ok) {
    var route = Objects.requireNonNull(ROUTES.find(ok.path()));
    if (ok.ambiguous() && SplitView.exists(ROUTES, route, target)) {
      return;
    }
    var forwarded = CanonicalPath.forwarded(target);
    for (int ways = 0; ways < 8; ways++) {
      var seen = SlowPath.read(forwarded, ways);
      Finding.unless(seen != null, "a server sees no path in", forwarded);
      Finding.unlessEqual(
          "route of " + forwarded + " read as " + seen, route, ROUTES.find(String.valueOf(seen)));
    }
  }

  private static String pathOf(String target, String what) {
    return switch (CanonicalPath.of(target)) {
      case CanonicalPath.Ok(var path, var hadDots, var ambiguous) -> {
        Finding.unless(!hadDots, "dot segments in " + what, target);
        yield path;
      }
      case CanonicalPath.Bad(var reason) ->
          throw new AssertionError(what + " is refused: " + target + ": " + reason);
    };
  }

  /** As {@link SlowPath} shows it. */
  private static String shown(String path) {
    var text = new StringBuilder();
    path.codePoints()
        .forEach(
            c -> {
              if (c >= 0xDC80 && c <= 0xDCFF) {
                text.append((char) (0xE000 + (c & 0xff)));
              } else if (c >= 0xDC00 && c < 0xDC80) {
                text.append((char) (0xE100 + (c & 0xff)));
              } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  text.append(b >= 0 ? (char) b : (char) (0xE000 + (b & 0xff)));
                }
              }
            });
    return text.toString();
  }

  private static String encoded(String path) {
    var text = new StringBuilder();
    for (char c : shown(path).toCharArray()) {
      boolean raw = c == '/' || c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
      text.append(raw ? String.valueOf(c) : String.format("%%%02X", c & 0xff));
    }
    return text.toString();
  }

  private static HostRoutes<String> routes(String... prefixes) {
    var routes = new ArrayList<Route>();
    for (var prefix : prefixes) {
      routes.add(
          new Route(
              new PathMatch.Prefix(prefix),
              new RouteAction.Forward(new UpstreamId("default", "web", "80")),
              RouteOrigin.NONE,
              List.of(),
              Timeouts.DEFAULT,
              RetryPolicy.DEFAULT));
    }
    var host = HostPattern.of("a.test");
    return Objects.requireNonNull(
        Router.<String>empty((pattern, route, previous) -> route.match().path())
            .with(Map.of(host, new VirtualHost(host, "", routes)), Set.of())
            .at(host));
  }
}
