package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.ForwardedTrust;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows H08, H10 and H13 of ingress-nginx.md, and connections that begin otherwise. */
class ProxyProtocolTest {
  private static final String V1 = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 1234\r\n";
  private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n";
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  static ForwardedTrust trust(boolean fields, String peers, Duration timeout) {
    return new ForwardedTrust(
        fields, false, false, ForwardedTrust.USUAL_FIELD, AddressSet.parse(peers), true, timeout);
  }

  private static TestPlane plane(RawBackend backend, ForwardedTrust trust) throws Exception {
    var plane = TestPlane.forwardingTo(backend);
    plane.settings(ForwardedTrustTest.settings(trust));
    return plane;
  }

  private static TestPlane plane(RawBackend backend) throws Exception {
    return plane(backend, trust(false, "0.0.0.0/0", Duration.ofSeconds(30)));
  }

  private static byte[] v2(String rest) {
    return HexFormat.of().parseHex(SIGNATURE + rest);
  }

  private static byte[] join(byte[] first, String second) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(first);
    bytes.writeBytes(second.getBytes(StandardCharsets.ISO_8859_1));
    return bytes.toByteArray();
  }

  @Test
  void theHeaderNamesTheClient() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend);
        var client = plane.client()) {
      assertThat(client.send(V1 + GET + GET).read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(backend.requests()).hasSize(2);
      for (var request : backend.requests()) {
        assertThat(request.field("x-forwarded-port")).isEqualTo("1234");
        assertThat(request.field("x-forwarded-proto")).isEqualTo("http");
        assertThat(request.field("x-forwarded-for")).isEqualTo("192.168.0.1");
        assertThat(request.field("x-real-ip")).isEqualTo("192.168.0.1");
      }
    }
  }

  @Test
  void tlsFollowsBehindTheHeader() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend);
        var plain = new Socket(InetAddress.getLoopbackAddress(), plane.tlsPort())) {
      plain.getOutputStream().write(V1.getBytes(StandardCharsets.US_ASCII));
      var context = SSLContext.getInstance("TLS");
      context.init(
          null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
      var tls =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "shop.example.com", 443, true);
      try (var client = new RawClient(tls, plane.tlsPort())) {
        assertThat(client.send(GET).read().status()).isEqualTo(200);
      }
      var request = backend.requests().element();
      assertThat(request.field("x-forwarded-port")).isEqualTo("1234");
      assertThat(request.field("x-forwarded-proto")).isEqualTo("https");
      assertThat(request.field("x-scheme")).isEqualTo("https");
      assertThat(request.field("x-forwarded-for")).isEqualTo("192.168.0.1");
    }
  }

  @Test
  void tlsMayComeInOnePacketWithTheHeader() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend);
        var socket = new Socket(InetAddress.getLoopbackAddress(), plane.tlsPort())) {
      var engine = SSLContext.getDefault().createSSLEngine("shop.example.com", 443);
      engine.setUseClientMode(true);
      var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), hello);
      var first = new ByteArrayOutputStream();
      first.writeBytes(V1.getBytes(StandardCharsets.US_ASCII));
      first.write(hello.array(), 0, hello.position());
      socket.getOutputStream().write(first.toByteArray());
      assertThat(socket.getInputStream().read()).as("type of a handshake record").isEqualTo(22);
    }
  }

  @Test
  void port443MeansHttps() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend);
        var client = plane.client()) {
      client.send("PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n" + GET).read();
      var request = backend.requests().element();
      assertThat(request.field("x-forwarded-port")).isEqualTo("443");
      assertThat(request.field("x-forwarded-proto")).isEqualTo("https");
      assertThat(request.field("x-forwarded-for")).isEqualTo("2001:db8::7");
    }
  }

  @Test
  void forwardedFieldsAreBelievedOnlyOfATrustedClient() throws Exception {
    var peers = "127.0.0.1,10.0.0.0/8,192.168.0.1/32";
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend, trust(true, peers, Duration.ofSeconds(30)))) {
      var get =
          "GET / HTTP/1.1\r\nHost: shop.example.com\r\nX-Forwarded-For: 192.168.0.111\r\n\r\n";
      try (var client = plane.client()) {
        client.send(V1 + get).read();
      }
      try (var client = plane.client()) {
        client.send(V1.replace("192.168.0.1 ", "192.168.0.2 ") + get).read();
      }
      assertThat(backend.requests().stream().map(request -> request.field("x-forwarded-for")))
          .containsExactly("192.168.0.111", "192.168.0.2");
    }
  }

  @Test
  void theHeaderOfAPeerThatIsNotTrustedCountsForNothing() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend, trust(false, "10.0.0.0/8", Duration.ofSeconds(30)));
        var client = plane.client()) {
      client.send(V1.replace("1234", "443") + GET).read();
      var request = backend.requests().element();
      assertThat(request.field("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(request.field("x-forwarded-proto")).isEqualTo("http");
      assertThat(request.field("x-forwarded-port")).isEqualTo("" + plane.port());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 65536\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 -1\r\n",
        "PROXY TCP4 2001:db8::1 192.168.0.11 56324 80\r\n",
        "PROXY TCP4 192.168.0.256 192.168.0.11 56324 80\r\n",
        "PROXY TCP6 192.168.0.1 192.168.0.11 56324 80\r\n",
        "PROXY UDP4 192.168.0.1 192.168.0.11 56324 80\r\n",
        "proxy TCP4 192.168.0.1 192.168.0.11 56324 80\r\n",
        " PROXY TCP4 192.168.0.1 192.168.0.11 56324 80\r\n",
        "PROXY  TCP4 192.168.0.1 192.168.0.11 56324 80\r\n",
        "PROXY\r\nPROXY TCP4 192.168.0.1 192.168.0.11 56324 80\r\n"
      })
  void aConnectionThatBeginsOtherwiseIsClosedWithoutAWord(String beginning) throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend);
        var client = plane.client()) {
      client.send(beginning + V1 + GET);
      assertThat(ended(client)).isTrue();
      assertThat(backend.requests()).isEmpty();
    }
  }

  @Test
  void hostileHeadersCloseTheirConnection() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend)) {
      for (var rest :
          new String[] {
            "0111000cc0a80001c0a8000bdc0404d2", // version 0
            "3111000cc0a80001c0a8000bdc0404d2", // version 3
            "2211000cc0a80001c0a8000bdc0404d2", // unknown command
            "2113000cc0a80001c0a8000bdc0404d2", // unknown protocol
            "21110004c0a80001", // too short for its family
            "2111ffff" + "00".repeat(5000), // additions without end
            "21110010c0a80001c0a8000bdc0404d220004000" // an addition longer than the header
          }) {
        try (var client = plane.client()) {
          sendAll(client, join(v2(rest), V1 + GET));
          assertThat(ended(client)).as(rest).isTrue();
        }
      }
      try (var client = plane.client()) {
        client.send("PROXY " + "x".repeat(200));
        assertThat(ended(client)).isTrue();
      }
      try (var client = plane.client()) {
        // A version that the decoder waits for for ever.
        sendAll(client, join(v2("ff"), "x".repeat(1 << 20)));
        assertThat(ended(client)).isTrue();
      }
      assertThat(backend.requests()).isEmpty();
    }
  }

  @Test
  void aConnectionThatSaysNothingInTimeIsClosed() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = plane(backend, trust(false, "0.0.0.0/0", Duration.ofMillis(100)));
        var client = plane.client()) {
      client.send("PROXY TC");
      assertThat(ended(client)).isTrue();
    }
  }

  @Test
  void aChangeHoldsForNewConnections() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var before = plane.client()) {
      before.send(GET).read();
      plane.settings(
          ForwardedTrustTest.settings(trust(false, "0.0.0.0/0", Duration.ofSeconds(30))));
      assertThat(before.send(GET).read().status()).isEqualTo(200);
      try (var after = plane.client()) {
        assertThat(after.send(V1 + GET).read().status()).isEqualTo(200);
      }
    }
  }

  /** Whether the connection is over without a reply; unread bytes make it end with a reset. */
  private static boolean ended(RawClient client) throws IOException {
    try {
      return client.closedByServer();
    } catch (SocketException e) {
      return true;
    }
  }

  private static void sendAll(RawClient client, byte[] bytes) throws IOException {
    try {
      client.send(bytes);
    } catch (SocketException e) {
      // Closed before all of it was sent: then the reading tells.
    }
  }
}
