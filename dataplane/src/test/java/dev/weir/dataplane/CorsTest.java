package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.Cors;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 7.C of ingress-nginx.md, and what it leaves open. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class CorsTest {
  private static final PathMatch ALL = new PathMatch.Prefix("/");

  private static Cors cors(String... origins) {
    return new Cors(
        List.of(origins), Cors.USUAL_METHODS, Cors.USUAL_HEADERS, "", true, Cors.USUAL_AGE);
  }

  private static void route(TestPlane plane, Cors cors) {
    plane.route(ALL, new RouteAction.Forward(TestPlane.id("web")), List.of(cors), Timeouts.DEFAULT);
  }

  private static String request(String method, String... fields) {
    var lines = Arrays.stream(fields).map(field -> field + "\r\n").toList();
    return method + " / HTTP/1.1\r\nHost: shop.example.com\r\n" + String.join("", lines) + "\r\n";
  }

  @Test
  void everyOriginIsAllowedUnlessOthersAreNamed() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, cors("*"));
      var reply = client.send(request("GET")).read();
      assertThat(reply.field("access-control-allow-origin")).isEqualTo("*");
      assertThat(reply.field("access-control-allow-credentials")).isEqualTo("true");
      assertThat(reply.field("access-control-allow-methods"))
          .isEqualTo("GET, PUT, POST, DELETE, PATCH, OPTIONS");
      assertThat(reply.field("access-control-allow-headers"))
          .isEqualTo(
              "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,"
                  + "Content-Type,Range,Authorization");
      assertThat(reply.field("access-control-max-age")).isEqualTo("1728000");
      assertThat(reply.all("access-control-expose-headers")).isEmpty();
      assertThat(reply.all("vary")).isEmpty();
    }
  }

  @Test
  void aPreflightRequestIsAnsweredWithoutTheBackend() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, cors("*"));
      for (int i = 0; i < 2; i++) {
        var reply = client.send(request("OPTIONS", "Origin: https://a.example")).read();
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.field("content-type")).isEqualTo("text/plain charset=UTF-8");
        assertThat(reply.field("content-length")).isEqualTo("0");
        assertThat(reply.field("access-control-allow-origin")).isEqualTo("*");
      }
      assertThat(backend.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://origin.cors.com:8080, https://origin.cors.com:8080, true",
    "https://origin.cors.com:8080, HTTPS://Origin.CORS.com:8080, true",
    "https://origin.cors.com:8080, https://origin.cors.com, false",
    "https://origin.cors.com:8080, http://origin.cors.com:8080, false",
    "http://origin.com, http://origin.com:8080, false",
    "http://origin.com, http://origin.com.evil.com, false",
    "http://origin.com, http://evil.com/http://origin.com, false",
    "http://origin.com, http://originxcom, false",
    "http://*.origin.com:8080, http://abc.origin.com:8080, true",
    "http://*.origin.com:8080, http://abc.origin.com, false",
    "http://*.origin.com:8080, http://origin.com:8080, false",
    "http://*.origin.com:8080, http://.origin.com:8080, false",
    "http://*.origin.com:8080, http://a.b.origin.com:8080, false",
    "http://*.origin.com:8080, http://evil.com/.origin.com:8080, false",
    "http://*.origin.com:8080, http://a_b.origin.com:8080, false",
    "test://localhost, test://localhost, true",
    "null, null, true",
    "http://origin.com, null, false"
  })
  void anOriginIsComparedWhole(String allowed, String origin, boolean fits) throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, cors(allowed));
      var reply = client.send(request("GET", "Origin: " + origin)).read();
      assertThat(reply.field("access-control-allow-origin")).isEqualTo(fits ? origin : "");
      assertThat(reply.all("access-control-allow-methods")).hasSize(fits ? 1 : 0);
      assertThat(reply.field("vary")).isEqualTo("Origin");
      var preflight = client.send(request("OPTIONS", "Origin: " + origin)).read();
      assertThat(preflight.status()).isEqualTo(fits ? 204 : 200);
    }
  }

  @Test
  void theBackendsOwnFieldsAreReplaced() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nVary: Accept, origin\r\n"
                            + "Access-Control-Allow-Origin: https://evil\r\n"
                            + "Access-Control-Expose-Headers: X-Secret\r\n"
                            + "access-control-max-age: 1\r\n\r\n");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, cors("https://a.example"));
      var good = client.send(request("GET", "Origin: https://a.example")).read();
      assertThat(good.field("access-control-allow-origin")).isEqualTo("https://a.example");
      assertThat(good.all("access-control-expose-headers")).isEmpty();
      assertThat(good.field("access-control-max-age")).isEqualTo("1728000");
      assertThat(good.field("vary")).isEqualTo("Accept, origin");
      var other = client.send(request("GET", "Origin: https://evil")).read();
      assertThat(other.fields())
          .noneMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("access-"));
    }
  }

  @Test
  void ownRepliesCarryTheFieldsToo() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      plane.endpoints("web", List.of());
      route(plane, cors("*"));
      var reply = client.send(request("GET")).read();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.field("access-control-allow-origin")).isEqualTo("*");
    }
  }

  @Test
  void twoOriginsAreNone() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, cors("https://a.example"));
      var reply =
          client.send(request("GET", "Origin: https://a.example", "Origin: https://evil")).read();
      assertThat(reply.all("access-control-allow-origin")).isEmpty();
    }
  }

  @Test
  void whatIsNotSetIsNotSent() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, new Cors(List.of("*"), "POST, GET", "DNT, User-Agent", "*, X-A", false, 60));
      var reply = client.send(request("GET")).read();
      assertThat(reply.all("access-control-allow-credentials")).isEmpty();
      assertThat(reply.field("access-control-allow-methods")).isEqualTo("POST, GET");
      assertThat(reply.field("access-control-allow-headers")).isEqualTo("DNT, User-Agent");
      assertThat(reply.field("access-control-expose-headers")).isEqualTo("*, X-A");
      assertThat(reply.field("access-control-max-age")).isEqualTo("60");
    }
  }
}
