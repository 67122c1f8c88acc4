package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

/** Requests that come by HTTP/2 and go on by HTTP/1.1. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class Http2ForwardingTest {
  @Test
  void aRequestGoesOnAndItsReplyComesBack() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.send(
                        "HTTP/1.1 200 OK\r\n"
                            + "Content-Length: 5\r\n"
                            + "X-Own: Yes\r\n"
                            + "Connection: keep-alive, x-hop\r\n"
                            + "X-Hop: 1\r\n"
                            + "Keep-Alive: timeout=5\r\n"
                            + "Server: secret\r\n\r\n"
                            + "hello");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var reply = client.await(client.get("/a?b=c"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("hello");
      assertThat(reply.field("x-own")).isEqualTo("Yes");
      assertThat(reply.field("content-length")).isEqualTo("5");
      for (var gone : new String[] {"connection", "x-hop", "keep-alive", "server"}) {
        assertThat(reply.field(gone)).isEmpty();
      }
      var request = backend.requests().element();
      assertThat(request.requestLine()).isEqualTo("GET /a?b=c HTTP/1.1");
      assertThat(request.field("host")).isEqualTo(TestPlane.HOST);
      assertThat(request.field("x-forwarded-host")).isEqualTo(TestPlane.HOST);
      assertThat(request.field("content-length")).isEmpty();
      assertThat(request.field("transfer-encoding")).isEmpty();
    }
  }

  @Test
  void bodiesOfKnownAndUnknownLengthArrive() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int counted = client.post("/", "content-length", "6");
      client.data(counted, "abc", false);
      client.data(counted, "def", true);
      assertThat(client.await(counted).body()).isEqualTo("abcdef");
      int open = client.post("/");
      client.data(open, "ghi", false);
      client.data(open, "", true);
      assertThat(client.await(open).body()).isEqualTo("ghi");
      var requests = new ArrayList<>(backend.requests());
      assertThat(requests.get(0).field("content-length")).isEqualTo("6");
      assertThat(requests.get(1).field("transfer-encoding")).isEqualTo("chunked");
    }
  }

  @Test
  void crumbsOfCookiesBecomeOneField() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int id =
          client.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":path",
              "/",
              ":authority",
              TestPlane.HOST,
              "cookie",
              "a=b",
              "x-other",
              "1",
              "cookie",
              "c=d",
              "cookie",
              "e=f");
      assertThat(client.await(id).status()).isEqualTo(200);
      var request = backend.requests().element();
      assertThat(request.field("cookie")).isEqualTo("a=b; c=d; e=f");
      assertThat(request.field("x-other")).isEqualTo("1");
    }
  }

  @Test
  void manyRequestsAreAnsweredOnOneConnectionInAnyOrder() throws Exception {
    var first = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  for (var request = connection.read(); request != null; ) {
                    if (request.requestLine().contains("/slow")) {
                      first.await();
                    }
                    connection.reply(request.requestLine());
                    request = connection.read();
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int slow = client.get("/slow");
      assertThat(client.await(client.get("/first")).body()).contains("/first");
      client.awaitStreamsAllowed(128);
      var ids = new ArrayList<Integer>();
      for (int i = 0; i < 100; i++) {
        ids.add(client.get("/" + i));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.await(ids.get(i)).body()).isEqualTo("GET /" + i + " HTTP/1.1");
      }
      first.countDown();
      assertThat(client.await(slow).body()).contains("/slow");
      assertThat(plane.plane().connections()).isEqualTo(1);
    }
  }

  @Test
  void onTlsTheVersionIsAgreedOnByAlpn() throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    try (var plane = new TestPlane()) {
      try (var client = HttpClient.newBuilder().sslContext(context).build()) {
        askBothVersions(plane, client);
      }
      await().until(() -> plane.plane().connections() == 0);
    }
  }

  private static void askBothVersions(TestPlane plane, HttpClient client) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + plane.tlsPort() + "/")).build();
    // One handshake, and then no more at once than every connection may have: this client fails
    // what is beyond the limit that it knows just then.
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);
    var replies =
        IntStream.range(0, 15)
            .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
            .toList();
    CompletableFuture.allOf(replies.toArray(new CompletableFuture<?>[0])).join();
    for (var reply : replies) {
      assertThat(reply.join().version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
    var old = HttpRequest.newBuilder(request.uri()).version(HttpClient.Version.HTTP_1_1).build();
    assertThat(client.send(old, HttpResponse.BodyHandlers.ofString()).version())
        .isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  /** By a reset: an end in good order would keep a port of ours for a minute. */
  @Test
  void aRequestThatIsResetFreesItsBackend() throws Exception {
    var gone = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  try {
                    var _ = connection.in().read();
                  } catch (SocketException e) {
                    gone.countDown();
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int id = client.get("/");
      await().until(() -> backend.requests().size() == 1);
      client.reset(id, 8);
      await().until(() -> gone.getCount() == 0);
    }
  }

  /** Whatever certificate and name. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
