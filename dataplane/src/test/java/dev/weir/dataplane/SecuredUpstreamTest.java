package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamScheme;
import dev.weir.dataplane.upstream.TlsServer;
import dev.weir.dataplane.upstream.TlsServer.Asks;
import dev.weir.tls.ClientTlsPolicy;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What clients see of backends that speak TLS. */
@Isolated("It reads everything that is logged")
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class SecuredUpstreamTest {
  private static final PathMatch ALL = new PathMatch.Prefix("/");
  private static final ClientTlsPolicy OPEN = ClientTlsPolicy.UNVERIFIED;
  private static final int LARGE = 4 << 20;
  private static final String UPGRADE =
      "GET /chat HTTP/1.1\r\nHost: shop.example.com\r\nConnection: Upgrade\r\n"
          + "Upgrade: websocket\r\n\r\n";

  /** Says what is spoken to it, and what it is told of the client. */
  private static RawBackend telling(Asks asks) throws IOException {
    return new RawBackend(
        TlsServer.web(asks),
        connection -> {
          for (var request = connection.read(); request != null; request = connection.read()) {
            connection.reply(
                connection.spoken()
                    + " "
                    + request.field("x-forwarded-proto")
                    + " "
                    + request.body().length());
          }
        });
  }

  private static TestPlane plane(UpstreamScheme scheme, RawBackend... backends) throws Exception {
    var plane = new TestPlane();
    plane.endpoints("web", Arrays.stream(backends).map(RawBackend::endpoint).toList());
    route(plane, scheme);
    return plane;
  }

  private static void route(TestPlane plane, UpstreamScheme scheme) {
    var action =
        new RouteAction.Forward(TestPlane.id("web"), RouteAction.Status.UNAVAILABLE, scheme);
    plane.route(ALL, action, List.of(), Timeouts.DEFAULT);
  }

  private static UpstreamScheme showing(String name) {
    return new UpstreamScheme.Https(
        new ClientTlsPolicy(OPEN.protocols(), List.of(), "", TlsServer.client(name), null));
  }

  private static RawClient tlsClient(TestPlane plane) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
    Socket socket = context.getSocketFactory().createSocket("127.0.0.1", plane.tlsPort());
    return new RawClient(socket, plane.tlsPort());
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException();
    }

    @Override
    public void checkServerTrusted(X509Certificate @Nullable [] chain, String type) {
      // The proxy's certificate is not what is looked at.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void backendsAreToldWhatTheClientSpeaksWhateverIsSpokenToThem() throws Exception {
    try (var backend = telling(Asks.NOBODY);
        var plane = plane(new UpstreamScheme.Https(OPEN), backend);
        var client = plane.client();
        var secured = tlsClient(plane)) {
      assertThat(client.get("/").read().body()).isEqualTo("tls  http 0");
      assertThat(secured.get("/").read().body()).isEqualTo("tls  https 0");
      route(plane, new UpstreamScheme.Http());
      assertThat(client.get("/").read().body()).isEqualTo("plain http 0");
      assertThat(secured.get("/").read().body()).isEqualTo("plain https 0");
    }
  }

  @Test
  void backendsMayBeSpokenToAsTheClientSpeaks() throws Exception {
    try (var backend = telling(Asks.NOBODY);
        var plane = plane(new UpstreamScheme.AsClient(OPEN), backend);
        var client = plane.client();
        var secured = tlsClient(plane)) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.get("/").read().body()).isEqualTo("plain http 0");
        assertThat(secured.get("/").read().body()).isEqualTo("tls  https 0");
      }
    }
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    try (var backend =
            new RawBackend(
                TlsServer.web(Asks.NOBODY),
                connection -> {
                  for (var next = connection.read(); next != null; next = connection.read()) {
                    connection.reply(next.body());
                  }
                });
        var plane = plane(new UpstreamScheme.Https(OPEN), backend);
        var client = plane.client()) {
      var body = new StringBuilder();
      while (body.length() < LARGE) {
        body.append(body.length()).append(' ');
      }
      client.send(
          "POST / HTTP/1.1\r\nHost: shop.example.com\r\nExpect: 100-continue\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n");
      assertThat(client.readWithoutBody().status()).isEqualTo(100);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  client.send(body.toString());
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(client.read().body()).isEqualTo(body.toString());
      assertThat(client.get("/").read().status()).isEqualTo(200);
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }

  @Test
  void upgradedConnectionsPassBytesAndEndsOfEitherSide() throws Exception {
    var ends = new LinkedBlockingQueue<Integer>();
    try (var backend =
            new RawBackend(
                TlsServer.web(Asks.NOBODY),
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                          + "Upgrade: websocket\r\n\r\nhello");
                  var said = new String(connection.in().readNBytes(4), StandardCharsets.US_ASCII);
                  connection.send(" you said " + said);
                  if (said.equals("that")) {
                    ends.add(connection.in().read());
                  }
                });
        var plane = plane(new UpstreamScheme.Https(OPEN), backend);
        var client = plane.client()) {
      client.send(UPGRADE);
      assertThat(client.read().status()).isEqualTo(101);
      client.send("this");
      assertThat(client.readToEnd()).isEqualTo("hello you said this");
      try (var leaving = plane.client()) {
        leaving.send(UPGRADE);
        assertThat(leaving.read().status()).isEqualTo(101);
        leaving.send("that");
        assertThat(leaving.readBytes(19)).asString().isEqualTo("hello you said that");
      }
      assertThat(ends.poll(60, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }

  @Test
  void aReplyThatIsCutOffIsCutOffForTheClient() throws Exception {
    try (var complaints = new Complaints();
        var backend =
            new RawBackend(
                TlsServer.web(Asks.NOBODY),
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                  connection.cut();
                });
        var plane = plane(new UpstreamScheme.Https(OPEN), backend);
        var client = plane.client()) {
      client.get("/");
      assertThatThrownBy(client::read).isInstanceOf(IOException.class);
      assertThat(complaints.all()).isEmpty();
    }
  }

  @Test
  void whereAHandshakeFailsTheNextEndpointIsAskedWhateverTheMethod() throws Exception {
    try (var complaints = new Complaints();
        var mute =
            new RawBackend("127.0.0.2", connection -> connection.send("SSH-2.0-OpenSSH\r\n"));
        var good = telling(Asks.NOBODY);
        var plane = plane(new UpstreamScheme.Https(OPEN), mute, good);
        var client = plane.client()) {
      for (int i = 0; i < 6; i++) {
        client.send("POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 4\r\n\r\nonce");
        assertThat(client.read().body()).isEqualTo("tls  http 4");
      }
      assertThat(mute.accepted()).isPositive();
      plane.endpoints("web", List.of(mute.endpoint()));
      assertThat(client.get("/").read().status()).isEqualTo(502);
      assertThat(complaints.all()).isEmpty();
    }
  }

  @Test
  void anotherCertificateIsShownFromTheNextRequestOn() throws Exception {
    try (var backend = telling(Asks.EVERYBODY);
        var plane = plane(showing("one"), backend);
        var client = plane.client()) {
      for (var name : List.of("one", "two", "three", "four")) {
        route(plane, showing(name));
        for (int i = 0; i < 3; i++) {
          assertThat(client.get("/").read().body()).isEqualTo("tls " + name + " http 0");
        }
      }
      assertThat(backend.accepted()).isEqualTo(4);
      route(plane, new UpstreamScheme.Https(OPEN));
      assertThat(client.get("/").read().status()).isEqualTo(502);
    }
  }

  @Test
  void whatStandsInForABackendIsSpokenToWithoutTls() throws Exception {
    try (var backend = telling(Asks.NOBODY);
        var plane = new TestPlane();
        var client = plane.client()) {
      plane.endpoints("web", List.<Endpoint>of());
      plane.endpoints("other", List.of(backend.endpoint()));
      var action =
          new RouteAction.Forward(
              TestPlane.id("web"),
              new RouteAction.StandIn(TestPlane.id("other")),
              new UpstreamScheme.Https(OPEN));
      plane.route(ALL, action, List.of(), Timeouts.DEFAULT);
      assertThat(client.get("/").read().body()).isEqualTo("plain http 0");
    }
  }
}
