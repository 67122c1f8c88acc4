package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.CanonicalPath;
import dev.weir.dataplane.model.AppRoot;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.PrefixRewrite;
import dev.weir.dataplane.model.Replacement;
import dev.weir.dataplane.model.ReplacementParser;
import dev.weir.dataplane.model.Rewrite;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteRedirect;
import dev.weir.dataplane.model.SafePattern;
import dev.weir.dataplane.model.StrictTransportSecurity;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.TemplateParser;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamHost;
import dev.weir.testsupport.Seed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class RewriteTest {
  private static final RouteAction.Forward WEB = new RouteAction.Forward(TestPlane.id("web"));

  private static SafePattern pattern(String text) throws Exception {
    return SafePattern.of(text, true);
  }

  private static TestPlane serving(RawBackend backend) throws Exception {
    var plane = new TestPlane();
    plane.endpoints("web", List.of(backend.endpoint()));
    return plane;
  }

  private static Rewrite rewrite(String pattern, String target) throws Exception {
    var compiled = pattern(pattern);
    return new Rewrite(
        compiled, ReplacementParser.parse(target, compiled.groupNames()), Replacement.NONE);
  }

  private static void route(TestPlane plane, String pattern, FilterSettings... filters)
      throws Exception {
    plane.route(new PathMatch.Regex(pattern(pattern)), WEB, List.of(filters), Timeouts.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "'/something(/|$)(.*)', /$2,              /something,             /",
    "'/something(/|$)(.*)', /$2,              /something/new?a=b&c=d, /new?a=b&c=d",
    "'/something(/|$)(.*)', /$2,              /SOMETHING/New,         /New",
    "/something,            /,                /something/new,         /",
    "'/foo/bar/(.+)',       /new/backend/$1,  /foo/bar/bar,           /new/backend/bar",
    "'/(?P<a>[^/]+)/(.*)',  /$a/x/$2,         /one/two,               /one/x/two",
    "'/(a)|/(b)',           /x$1y$2,          /b,                     /xyb",
    "'/(.*)',               $1,               /x,                     /x",
    "'/(.*)',               /v/$1,            /a%20b%25c%3Fd%23e,     /v/a%20b%25c%3Fd%23e",
    "'/(.*)',               /v/$1,            /a%2Fb%5Cc,             /v/a%2Fb%5Cc",
    "'/(.*)',               /v/$1,            /%C3%A9%FF%F0%9F%98%80, /v/%C3%A9%FF%F0%9F%98%80",
    "'/(.*)',               /v/$1,            /%22%3C%3E%5E%60%7B%7C, /v/%22%3C%3E%5E%60%7B%7C",
    "'/(.*)',               /$host/$1,        /x,                     /shop.example.com/x",
    "/x,                    /$http_evil,      /x,                     /a%20b%2525%3F",
  })
  void thePathIsPutTogetherAndEncodedAnew(
      String pattern, String target, String request, String expected) throws Exception {
    try (var backend = RawBackend.echo();
        var plane = serving(backend);
        var client = plane.client()) {
      route(plane, pattern, rewrite(pattern, target));
      client.send(
          "GET " + request + " HTTP/1.1\r\nHost: shop.example.com\r\nevil: a b%25?\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(backend.requests().element().requestLine())
          .isEqualTo("GET " + expected + " HTTP/1.1");
    }
  }

  @Test
  void dotSegmentsThatComeTogetherByRewritingAreRefused() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = serving(backend);
        var client = plane.client()) {
      route(plane, "/app(.*)", rewrite("/app(.*)", "/v1/$1"));
      for (var path : List.of("/app../admin", "/app..", "/app./x")) {
        assertThat(client.get(path).read().status()).as(path).isEqualTo(400);
      }
      assertThat(client.get("/app.../x").read().status()).isEqualTo(200);
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @Test
  void anAddressAsTargetRedirectsAndKeepsTheQuery() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      route(plane, "/(.*)", rewrite("/(.*)", "https://other.example/$1"));
      var reply = client.get("/a%20b?x=1").read();
      assertThat(reply.status()).isEqualTo(302);
      assertThat(reply.field("location")).isEqualTo("https://other.example/a%20b?x=1");
    }
  }

  @Test
  void theForwardedPrefixMayHoldGroups() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = serving(backend);
        var client = plane.client()) {
      var pattern = pattern("/(t[^/]*)(/.*)");
      var names = pattern.groupNames();
      route(
          plane,
          "/(t[^/]*)(/.*)",
          new Rewrite(
              pattern,
              ReplacementParser.parse("$2", names),
              ReplacementParser.parse("/$1", names)));
      client.send(
          "GET /t%20x/y HTTP/1.1\r\nHost: shop.example.com\r\nX-Forwarded-Prefix: /spoof\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      var request = backend.requests().element();
      assertThat(request.requestLine()).isEqualTo("GET /y HTTP/1.1");
      assertThat(request.field("x-forwarded-prefix")).isEqualTo("/t%20x");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/foo, /bar, /foo/x?q=1, /bar/x?q=1",
    "/foo, /bar, /foo,       /bar",
    "/foo, '',   /foo/x,     /x",
    "/foo, '',   /foo,       /",
    "/,    /bar, /x%2Fy,     /bar/x%2Fy",
  })
  void aPrefixIsReplacedAndTheRestStays(
      String prefix, String target, String request, String expected) throws Exception {
    try (var backend = RawBackend.echo();
        var plane = serving(backend);
        var client = plane.client()) {
      plane.route(
          new PathMatch.Prefix(prefix),
          WEB,
          List.of(new PrefixRewrite(SafePattern.literal(prefix), target)),
          Timeouts.DEFAULT);
      assertThat(client.get(request).read().status()).isEqualTo(200);
      var seen = backend.requests().element();
      assertThat(seen.requestLine()).isEqualTo("GET " + expected + " HTTP/1.1");
      assertThat(seen.field("x-replaced-path")).isEqualTo(request.replaceFirst("\\?.*", ""));
    }
  }

  @Test
  void theBackendIsAskedForAnotherHost() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = serving(backend);
        var client = plane.client()) {
      route(plane, "/", new UpstreamHost(TemplateParser.parse("$http_tenant.internal")));
      client.send("GET /x HTTP/1.1\r\nHost: shop.example.com\r\nTenant: t1\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      var seen = backend.requests().element();
      assertThat(seen.field("host")).isEqualTo("t1.internal");
      assertThat(seen.field("x-forwarded-host")).isEqualTo("shop.example.com");
      client.send("GET /x HTTP/1.1\r\nHost: shop.example.com\r\nTenant: a b/\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(400);
    }
  }

  @Test
  void theRootOfTheHostLeadsToTheApplication() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      route(plane, "/", new AppRoot(TemplateParser.parse("/app")));
      client.send("GET /?x=1 HTTP/1.1\r\nHost: shop.example.com:8080\r\n\r\n");
      var reply = client.read();
      assertThat(reply.status()).isEqualTo(302);
      assertThat(reply.field("location")).isEqualTo("http://shop.example.com:8080/app");
      assertThat(client.get("/x").read().status()).isEqualTo(503);
    }
  }

  @Test
  void aRedirectOfTheRouteComesBeforeNoEndpoints() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      route(plane, "/", new RouteRedirect(307, Template.literal("http://t.example")));
      var reply = client.get("/x?y").read();
      assertThat(reply.status()).isEqualTo(307);
      assertThat(reply.field("location")).isEqualTo("http://t.example");
      // Nothing is said of TLS over a plain connection.
      route(plane, "/", StrictTransportSecurity.DEFAULT);
      assertThat(client.get("/").read().field("strict-transport-security")).isEmpty();
    }
  }

  /** An expression of the guarded engine gives up, and nothing is served in its place. */
  @Test
  void aPathThatCanNotBeMatchedIsRefused() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = serving(backend);
        var client = plane.client()) {
      route(plane, "/(?!x)(a|aa)+\\1$");
      assertThat(client.get("/aaa").read().status()).isEqualTo(200);
      assertThat(client.get("/" + "a".repeat(60) + "b").read().status()).isEqualTo(400);
      assertThat(backend.requests()).hasSize(1);
    }
  }

  /** Whatever a client sends: what the backend gets is a target, and never another line. */
  @Test
  void rewritingNeverYieldsBytesThatCanNotStandInATarget() throws Exception {
    long seed = Seed.get();
    var random = new Random(seed);
    try (var backend = RawBackend.echo();
        var plane = serving(backend)) {
      route(plane, "/(.)(.*)", rewrite("/(.)(.*)", "/$2/$uri/$1"));
      int served = 0;
      for (int i = 0; i < 300; i++) {
        var path = new StringBuilder("/");
        for (int n = random.nextInt(8); n >= 0; n--) {
          path.append(
              random.nextBoolean()
                  ? "%%%02X".formatted(random.nextInt(256))
                  : List.of("a", "/", ".", ";", "~", "+", "[").get(random.nextInt(7)));
        }
        try (var client = plane.client()) {
          if (client.get(path.toString()).read().status() == 200) {
            served++;
            var line = backend.requests().remove().requestLine();
            assertThat(line).as("seed %d %s", seed, path).matches("GET /[!-~]* HTTP/1.1");
            var target = line.substring(4, line.length() - 9);
            assertThat(CanonicalPath.of(target))
                .as("seed %d %s -> %s", seed, path, target)
                .isInstanceOf(CanonicalPath.Ok.class);
          }
        }
      }
      assertThat(served).isGreaterThan(50);
    }
  }
}
