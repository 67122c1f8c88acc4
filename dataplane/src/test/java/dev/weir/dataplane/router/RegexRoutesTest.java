package dev.weir.dataplane.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.CanonicalPath;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import dev.weir.testsupport.Seed;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexRoutesTest {
  private static HostRoutes<Route> host(PathMatch... matches) {
    var host = Tables.host("h", matches);
    var routes =
        Router.<Route>empty((pattern, route, previous) -> route)
            .with(Map.of(host.pattern(), host), Set.of())
            .at(new HostPattern.Exact("h"));
    assertThat(routes).isNotNull();
    return routes;
  }

  private static String found(HostRoutes<Route> host, String path) {
    var route = host.find(path);
    return route == null ? "nothing" : route.match().path();
  }

  @ParameterizedTest
  @CsvSource({
    "/foo/bar/bar, '/foo/bar/[a-z]{3}'",
    "/foo/bar/ba,  '/foo/bar/(.+)'",
    "/FOOxyz,      /foo",
    "/id/123a,     '/id/[0-9]+'",
    "/id/aaa,      /",
    "/,            /",
    "/.well-known/acme-challenge/Ab_-1, /.well-known/acme-challenge/Ab_-1",
    "/.well-known/acme-challenge/ab_-1, '/.well-known/(.*)'",
  })
  void theLongestTextThatMatchesWinsInAnyCaseAfterPlainPaths(String path, String text) {
    var host =
        host(
            Tables.regex("/"),
            Tables.regex("/foo"),
            Tables.regex("/foo/bar/bar"),
            Tables.regex("/foo/bar/(.+)"),
            Tables.regex("/foo/bar/[a-z]{3}"),
            Tables.regex("/id/[0-9]+"),
            Tables.regex("/.well-known/(.*)"),
            new PathMatch.Exact("/.well-known/acme-challenge/Ab_-1"));
    assertThat(found(host, path)).isEqualTo(text);
  }

  @Test
  void ofTextsOfOneLengthTheLastInAlphabetComesFirst() {
    var host = host(Tables.regex("/(.*)"), Tables.regex("/foo/"), Tables.regex("/"));
    assertThat(found(host, "/foo/x")).isEqualTo("/foo/");
    assertThat(found(host, "/foo")).isEqualTo("/(.*)");
  }

  /** What is sent upstream leads to the same route as what was received (DESIGN, row "path"). */
  @Test
  void theForwardedPathLeadsToTheRouteOfTheReceivedPath() {
    long seed = Seed.get();
    var random = new Random(seed);
    var tables = new Tables(random);
    var odd = List.of("/", "//", "/./", "/../", "%2F", "%5C", ";x", "%66oo", "%41", "é", "%C3%A9");
    int compared = 0;
    for (int round = 0; round < 500; round++) {
      var pattern = new HostPattern.Exact("h");
      var virtualHost = tables.host(pattern, 20);
      var routes =
          Router.<Route>empty((host, route, previous) -> route)
              .with(Map.of(pattern, virtualHost), Set.of())
              .at(pattern);
      assertThat(routes).isNotNull();
      for (int request = 0; request < 40; request++) {
        var target = tables.path() + odd.get(random.nextInt(odd.size())) + tables.path();
        if (CanonicalPath.of(target) instanceof CanonicalPath.Ok received
            && !(received.ambiguous()
                && SplitView.exists(routes, routes.find(received.path()), target))) {
          var forwarded = CanonicalPath.forwarded(target);
          assertThat(CanonicalPath.of(forwarded)).isInstanceOf(CanonicalPath.Ok.class);
          if (CanonicalPath.of(forwarded) instanceof CanonicalPath.Ok sent) {
            assertThat(routes.find(sent.path()))
                .as("seed %d %s -> %s of %s", seed, target, forwarded, virtualHost)
                .isSameAs(routes.find(received.path()));
            compared++;
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(2_000);
  }
}
