package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class ForwardingTest {
  @Test
  void aRequestIsForwardedToTheBackendAndItsReplyComesBack() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var reply = client.get("/a/b?x=1").read();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("hello");
      assertThat(backend.requests().element().requestLine()).isEqualTo("GET /a/b?x=1 HTTP/1.1");
    }
  }

  @Test
  void theUpstreamIsToldAboutTheClientInTheUsualFields() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send(
          """
          GET / HTTP/1.1\r
          Host: shop.example.com:8080\r
          X-Forwarded-For: 1.2.3.4\r
          X-Forwarded-Host: evil\r
          X-Forwarded-Proto: https\r
          X-Real-IP: 9.9.9.9\r
          Proxy: http://evil\r
          X_Under: y\r
          Connection: keep-alive, X-Hop\r
          X-Hop: 1\r
          TE: trailers\r
          Keep-Alive: timeout=5\r
          X-Kept: caf\u00e9\r
          \r
          """);
      assertThat(client.read().status()).isEqualTo(200);
      var request = backend.requests().element();
      assertThat(request.field("host")).isEqualTo("shop.example.com:8080");
      assertThat(request.field("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(request.field("x-original-forwarded-for")).isEqualTo("1.2.3.4");
      assertThat(request.field("x-forwarded-host")).isEqualTo("shop.example.com:8080");
      assertThat(request.field("x-original-forwarded-host")).isEqualTo("evil");
      assertThat(request.field("x-forwarded-port")).isEqualTo("" + plane.port());
      assertThat(request.field("x-forwarded-proto")).isEqualTo("http");
      assertThat(request.field("x-forwarded-scheme")).isEqualTo("http");
      assertThat(request.field("x-scheme")).isEqualTo("http");
      assertThat(request.field("x-real-ip")).isEqualTo("127.0.0.1");
      assertThat(request.field("x-request-id")).matches("[0-9a-f]{32}");
      assertThat(request.field("x-kept")).isEqualTo("caf\u00e9");
      for (var gone :
          new String[] {"proxy", "x_under", "x-hop", "te", "keep-alive", "connection"}) {
        assertThat(request.all(gone)).as(gone).isEmpty();
      }
    }
  }

  @Test
  void anOwnRequestIdOfTheClientIsKept() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.send("GET / HTTP/1.1\r\nHost: shop.example.com\r\nX-Request-ID: abc\r\n\r\n").read();
      assertThat(backend.requests().element().field("x-request-id")).isEqualTo("abc");
    }
  }

  @Test
  void aPathIsForwardedAsReceivedButForDotSegments() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      client.get("//a/%66oo;v=1?q=%zz").read();
      client.get("/a/../b/./c?x").read();
      assertThat(backend.requests())
          .extracting(RawBackend.Request::requestLine)
          .containsExactly("GET //a/%66oo;v=1?q=%zz HTTP/1.1", "GET /b/c?x HTTP/1.1");
    }
  }

  @Test
  void hopByHopFieldsOfAReplyStayOnTheirHop() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 201 Made Up\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n"
                          + "Keep-Alive: timeout=5\r\nX-Kept: 2\r\nX-Kept: 3\r\n\r\nuntil close");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var reply = client.get("/").read();
      assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 201 Made Up");
      assertThat(reply.fields())
          .containsExactlyInAnyOrder("X-Kept: 2", "X-Kept: 3", "transfer-encoding: chunked");
      assertThat(reply.body()).isEqualTo("until close");
      // The client's connection is another one.
      assertThat(client.get("/").read().status()).isEqualTo(201);
    }
  }

  @Test
  void requestsAreCountedWithTheirOriginAndStatus() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend)) {
      try (var client = plane.client()) {
        client.get("/").read();
        client.get("/x").read();
        client.send("DELETE / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").read();
      }
      await().until(() -> plane.telemetry().connections().active() == 0);
      assertThat(plane.telemetry().connections().requests()).isEqualTo(3);
      assertThat(plane.telemetry().text())
          .contains(
              "nginx_ingress_controller_requests{canary=\"\",controller_class=\"class\","
                  + "controller_namespace=\"ns\",controller_pod=\"pod\","
                  + "host=\"shop.example.com\",ingress=\"shop\",method=\"GET\","
                  + "namespace=\"default\",path=\"/\",service=\"web\",status=\"200\"} 2\n");
    }
  }

  @Test
  void backendsTakeTurns() throws Exception {
    try (var one = RawBackend.answering("one");
        var two = RawBackend.answering("two");
        var three = RawBackend.answering("three");
        var plane = TestPlane.forwardingTo(one, two, three);
        var client = plane.client()) {
      for (int i = 0; i < 30; i++) {
        client.get("/").read();
      }
      assertThat(one.requests()).hasSize(10);
      assertThat(two.requests()).hasSize(10);
      assertThat(three.requests()).hasSize(10);
      assertThat(one.accepted()).isEqualTo(1);
    }
  }
}
