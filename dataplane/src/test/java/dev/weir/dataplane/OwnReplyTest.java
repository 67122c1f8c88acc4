package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.BodyLimit;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.SslRedirect;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.Timeouts;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class OwnReplyTest {
  private static final PathMatch ALL = new PathMatch.Prefix("/");
  private static final RouteAction.Forward WEB = new RouteAction.Forward(TestPlane.id("web"));

  @Test
  void anUnknownHostIs404WithAPageThatNamesNoProduct() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      var reply = client.get("/").read();
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.body())
          .isEqualTo(
              "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n"
                  + "<center><h1>404 Not Found</h1></center>\r\n</body>\r\n</html>\r\n");
      assertThat(reply.field("content-type")).isEqualTo("text/html");
      assertThat(reply.field("date")).endsWith(" GMT");
      assertThat(reply.field("server")).isEmpty();
    }
  }

  @Test
  void healthzOfUnknownHostsIs200AndEmpty() throws Exception {
    try (var backend = RawBackend.answering("web");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send("GET /healthz HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n");
      var reply = client.read();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEmpty();
      assertThat(client.get("/healthz").read().body()).isEqualTo("web");
    }
  }

  @Test
  void aDefaultBackendWithoutEndpointsIs404AndAnyOtherServiceIs503() throws Exception {
    var service = TestPlane.id("web");
    try (var backend = RawBackend.answering("web");
        var plane = new TestPlane();
        var client = plane.client()) {
      var fallback = new RouteAction.Forward(service, RouteAction.Status.NOT_FOUND);
      plane.route(ALL, fallback, List.of(), T);
      assertThat(client.get("/").read().status()).isEqualTo(404);
      plane.route(ALL, new RouteAction.Forward(service), List.of(), T);
      assertThat(client.get("/").read().status()).isEqualTo(503);
      plane.route(ALL, fallback, List.of(), T);
      plane.endpoints("web", List.of(backend.endpoint()));
      assertThat(client.get("/").read().body()).isEqualTo("web");
    }
  }

  @Test
  void checksComeInTheirOrder() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      var filters = List.of(new SslRedirect(308, false, false), new BodyLimit(10));
      var post = "POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 5\r\n\r\n12345";
      plane.route(ALL, RouteAction.Respond.denied("auth missing"), List.copyOf(filters), T);
      assertThat(client.send(post).read().status()).isEqualTo(503);
      plane.route(ALL, RouteAction.Respond.noBackend("no Service"), List.copyOf(filters), T);
      assertThat(client.send(post).read().status()).isEqualTo(308);
      plane.route(ALL, WEB, List.copyOf(filters), T);
      assertThat(client.send(post).read().status()).isEqualTo(308);
      plane.route(ALL, RouteAction.Respond.denied("auth missing"), List.copyOf(filters), T);
      client.send(
          "POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 11\r\n\r\n12345678901");
      assertThat(client.read().status()).isEqualTo(413);
    }
  }

  private static final Timeouts T = Timeouts.DEFAULT;

  @Test
  void httpsRedirectsKeepTheTargetButCutASlashThatEndsIt() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      plane.route(ALL, WEB, List.of(new SslRedirect(308, false, false)), T);
      var reply = client.get("/").read();
      assertThat(reply.status()).isEqualTo(308);
      assertThat(reply.field("location")).isEqualTo("https://shop.example.com");
      assertThat(client.get("/a/b/?x=1").read().field("location"))
          .isEqualTo("https://shop.example.com/a/b/?x=1");
      client.send("GET /a HTTP/1.1\r\nHost: SHOP.example.com:80\r\n\r\n");
      assertThat(client.read().field("location")).isEqualTo("https://shop.example.com/a");
      plane.route(ALL, WEB, List.of(new SslRedirect(308, true, true)), T);
      assertThat(client.get("/").read().field("location"))
          .isEqualTo("https://shop.example.com:" + plane.tlsPort() + "/");
    }
  }

  @Test
  void redirectActionsFillInTheirTemplate() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      var location =
          new Template(
              List.of(
                  Template.Variable.SCHEME,
                  new Template.Literal("://"),
                  Template.Variable.HOST,
                  Template.Variable.REDIRECT_PORT,
                  new Template.Literal("/foo/"),
                  Template.Variable.QUERY));
      plane.route(
          new PathMatch.Exact("/foo"), new RouteAction.Redirect(301, location), List.of(), T);
      var reply = client.get("/foo?a=b").read();
      assertThat(reply.status()).isEqualTo(301);
      assertThat(reply.field("location"))
          .isEqualTo("http://shop.example.com:" + plane.port() + "/foo/?a=b");
    }
  }

  @Test
  void noCharacterOfAConfiguredLocationCanEndItsLine() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      var location = new Template(List.of(new Template.Literal("/a\r\nX-A: 1\u010aX-B: 2")));
      plane.route(ALL, new RouteAction.Redirect(301, location), List.of(), T);
      var reply = client.get("/").read();
      assertThat(reply.field("location")).isEqualTo("/a  X-A: 1 X-B: 2");
    }
  }

  @Test
  void aPathThatServersReadDifferentlyIsRefusedOnlyIfItCouldReachAnotherRoute() throws Exception {
    try (var backend = RawBackend.answering("web");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      assertThat(client.get("/a%2Fb;x=1").read().status()).isEqualTo(200);
      plane.route(new PathMatch.Prefix("/admin"), RouteAction.Respond.denied("auth"), List.of(), T);
      assertThat(client.get("/public/..%2Fadmin").read().status()).isEqualTo(400);
    }
  }

  @Test
  void plainHttpOnTheTlsPortIsToldSo() throws Exception {
    try (var plane = new TestPlane();
        var client = new RawClient(plane.tlsPort())) {
      var reply = client.get("/").read();
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("The plain HTTP request was sent to HTTPS port");
      assertThat(client.closedByServer()).isTrue();
    }
  }

  @Test
  void requestsOverTlsAreForwardedAsHttps() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend)) {
      plane.route(ALL, WEB, List.of(new SslRedirect(308, false, false)), T);
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverybody()}, null);
      var socket = context.getSocketFactory().createSocket("127.0.0.1", plane.tlsPort());
      try (var client = new RawClient(socket, plane.tlsPort())) {
        var body = "x".repeat(300_000);
        for (int i = 0; i < 3; i++) {
          client.send(
              "POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 300000\r\n\r\n" + body);
          assertThat(client.read().body()).isEqualTo(body);
        }
        assertThat(backend.requests().element().field("x-forwarded-proto")).isEqualTo("https");
        client.send("GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.closedByServer()).isTrue();
      }
    }
  }

  @Test
  void aHostThatTakesAllOthersServesThem() throws Exception {
    try (var plane = new TestPlane();
        var client = plane.client()) {
      plane.host(
          new HostPattern.Any(),
          List.of(
              new dev.weir.dataplane.model.Route(
                  ALL,
                  new RouteAction.Respond(410, RouteAction.When.BACKEND, "gone"),
                  dev.weir.dataplane.model.RouteOrigin.NONE,
                  List.of(),
                  T,
                  dev.weir.dataplane.model.RetryPolicy.DEFAULT)));
      assertThat(client.get("/").read().status()).isEqualTo(410);
      assertThat(client.get("/healthz").read().status()).isEqualTo(200);
    }
  }

  /** For the self-signed default certificate. */
  private static final class TrustEverybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      // Everybody.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
