package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.model.CipherChoice;
import dev.weir.dataplane.model.CipherSuite;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.TlsSettings;
import dev.weir.dataplane.model.TlsVersion;
import dev.weir.dataplane.model.VirtualHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of hosts and of all: what changes hold for new connections and touch no other. */
class DownstreamTlsTest {
  private static final String STRICT = "strict.example.com";
  private static final String USUAL = "usual.example.com";
  private static final String AES128 = CipherSuite.ECDHE_ECDSA_AES128_GCM.ianaName();
  private static final String AES256 = CipherSuite.ECDHE_ECDSA_AES256_GCM.ianaName();

  private final TestPlane plane;

  DownstreamTlsTest() throws Exception {
    plane = new TestPlane();
    host(USUAL, CipherChoice.USUAL);
    host(STRICT, choice(CipherSuite.ECDHE_ECDSA_AES256_GCM));
  }

  @AfterEach
  void close() {
    plane.close();
  }

  private static CipherChoice choice(CipherSuite... suites) {
    return new CipherChoice(List.of(suites), CipherChoice.Order.USUAL);
  }

  private void host(String name, CipherChoice ciphers) {
    var pattern = HostPattern.of(name);
    apply(Map.of(pattern, new VirtualHost(pattern, "", ciphers, List.of())), Set.of());
  }

  private void apply(Map<HostPattern, VirtualHost> hosts, Set<HostPattern> removed) {
    plane
        .plane()
        .apply(
            new TableChange(
                hosts,
                removed,
                Map.of(),
                Set.of(),
                TableChange.Certificates.NONE,
                Optional.empty()));
  }

  private void settings(TlsSettings settings) {
    plane.settings(ProxySettings.DEFAULT.tls(settings));
  }

  private SSLSocket connect(@Nullable String name, Consumer<SSLParameters> setting)
      throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), plane.tlsPort());
    try {
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
      setting.accept(parameters);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private SSLSession shake(@Nullable String name, Consumer<SSLParameters> setting)
      throws Exception {
    try (var socket = connect(name, setting)) {
      return socket.getSession();
    }
  }

  private static Consumer<SSLParameters> version(String version) {
    return parameters -> parameters.setProtocols(new String[] {version});
  }

  private static Consumer<SSLParameters> offering(String... suites) {
    return parameters -> {
      parameters.setProtocols(new String[] {"TLSv1.2"});
      parameters.setCipherSuites(suites);
    };
  }

  @Test
  void aHostsOwnSuitesHoldForItsNameOnly() throws Exception {
    assertThat(shake(STRICT, offering(AES128, AES256)).getCipherSuite()).isEqualTo(AES256);
    assertThat(shake(USUAL, offering(AES128, AES256)).getCipherSuite()).isEqualTo(AES128);
    assertThat(shake(null, offering(AES128, AES256)).getCipherSuite()).isEqualTo(AES128);
    assertThatThrownBy(() -> shake(STRICT, offering(AES128))).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STRICT.example.com", "strict.EXAMPLE.com"})
  void anotherSpellingOfTheNameGetsNoOtherTerms(String name) {
    assertThatThrownBy(() -> shake(name, offering(AES128))).isInstanceOf(IOException.class);
  }

  @Test
  void connectionsCountForMemoryUntilTheyClose() throws Exception {
    var handshakes = plane.telemetry().connections().handshakes();
    try (var socket = connect(USUAL, parameters -> {})) {
      assertThat(socket.getSession().isValid()).isTrue();
      assertThat(handshakes.open()).isEqualTo(1);
    }
    await().until(() -> handshakes.open() == 0);
  }

  private static String status(SSLSocket socket, String host) throws IOException {
    var request = "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @CsvSource({
    "strict.example.com, strict.example.com:8443, 404",
    "strict.example.com, usual.example.com, 421",
    "strict.example.com, unknown.example.com, 421",
    "usual.example.com, strict.example.com, 421",
    "usual.example.com, unknown.example.com, 404",
    "'', strict.example.com, 421",
    "'', usual.example.com, 404"
  })
  void aConnectionCarriesRequestsForHostsOfTheSameTermsOnly(String name, String host, int status)
      throws Exception {
    try (var socket = connect(name.isEmpty() ? null : name, offering(AES256))) {
      assertThat(status(socket, host)).isEqualTo("HTTP/1.1 " + status);
    }
  }

  @Test
  void aConnectionOfHttp2CarriesRequestsForHostsOfTheSameTermsOnly() throws Exception {
    Consumer<SSLParameters> http2 =
        parameters -> parameters.setApplicationProtocols(new String[] {"h2"});
    try (var client = new Http2Client(connect(STRICT, http2)).settle(65_535)) {
      for (var host : List.of(USUAL, STRICT)) {
        int id =
            client.request(
                true, ":method", "GET", ":scheme", "https", ":path", "/", ":authority", host);
        assertThat(client.await(id).status()).isEqualTo(host.equals(STRICT) ? 404 : 421);
      }
    }
  }

  @Test
  void changesHoldForNewConnectionsAndCloseNone() throws Exception {
    try (var open = connect(STRICT, offering(AES256))) {
      host(STRICT, choice(CipherSuite.ECDHE_ECDSA_AES128_GCM));
      assertThat(shake(STRICT, offering(AES128, AES256)).getCipherSuite()).isEqualTo(AES128);
      apply(Map.of(), Set.of(HostPattern.of(STRICT)));
      settings(TlsSettings.DEFAULT.versions(List.of(TlsVersion.TLS_1_3)));
      assertThatThrownBy(() -> shake(STRICT, version("TLSv1.2"))).isInstanceOf(IOException.class);
      assertThat(shake(STRICT, version("TLSv1.3")).getProtocol()).isEqualTo("TLSv1.3");
      open.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(open.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 404");
    }
  }

  @Test
  void unknownNamesAreToldSoWhereTheyAreRejected() throws Exception {
    settings(TlsSettings.DEFAULT.rejectUnknown(true));
    assertThat(shake(USUAL, version("TLSv1.3")).getProtocol()).isEqualTo("TLSv1.3");
    for (var name : Arrays.asList("unknown.example.com", null)) {
      assertThatThrownBy(() -> shake(name, version("TLSv1.3")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("unrecognized_name");
    }
    settings(TlsSettings.DEFAULT);
    assertThat(shake("unknown.example.com", version("TLSv1.3")).getProtocol()).isEqualTo("TLSv1.3");
  }

  @Test
  void aHelloInPiecesGetsTheSameTerms() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), plane.tlsPort())) {
      socket.setTcpNoDelay(true);
      var out = socket.getOutputStream();
      for (byte each : hello(STRICT, offering(AES128))) {
        out.write(each);
        out.flush();
      }
      // A fatal alert: handshake_failure.
      assertThat(socket.getInputStream().readNBytes(7)).containsExactly(21, 3, 3, 0, 2, 2, 40);
    }
  }

  @Test
  void aHelloIsAnsweredOnTheTermsThatHoldWhenItIsWhole() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), plane.tlsPort())) {
      socket.setTcpNoDelay(true);
      var out = socket.getOutputStream();
      byte[] hello = hello(STRICT, version("TLSv1.3"));
      out.write(hello, 0, 10);
      out.flush();
      assertThat(shake(STRICT, version("TLSv1.3")).getProtocol()).isEqualTo("TLSv1.3");
      // The contexts that there were are closed.
      settings(TlsSettings.DEFAULT.versions(List.of(TlsVersion.TLS_1_3)));
      out.write(hello, 10, hello.length - 10);
      out.flush();
      // A handshake record: the server's hello.
      assertThat(socket.getInputStream().readNBytes(3)).containsExactly(22, 3, 3);
    }
  }

  /** What a client says first. */
  private static byte[] hello(String name, Consumer<SSLParameters> setting) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    var engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    setting.accept(parameters);
    engine.setSSLParameters(parameters);
    var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    hello.flip();
    var bytes = new byte[hello.remaining()];
    hello.get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void eachSuiteIsSpoken(CipherSuite suite) throws Exception {
    host(STRICT, choice(suite));
    var ecdsa = suite.ianaName().contains("ECDSA");
    if (!ecdsa) {
      // The certificate is an ECDSA one: nobody can agree, but the context stands.
      assertThatThrownBy(() -> shake(STRICT, offering(suite.ianaName())))
          .isInstanceOf(IOException.class);
    } else {
      assertThat(shake(STRICT, offering(suite.ianaName())).getCipherSuite())
          .isEqualTo(suite.ianaName());
    }
    assertThat(shake(STRICT, version("TLSv1.3")).getProtocol()).isEqualTo("TLSv1.3");
  }

  @Test
  void contextsAreSharedByHostsOfTheSameChoice() {
    var hosts = new HashMap<HostPattern, VirtualHost>();
    for (int i = 0; i < 200; i++) {
      var pattern = HostPattern.of("h" + i + ".example.com");
      hosts.put(
          pattern,
          new VirtualHost(
              pattern,
              "",
              choice(i % 2 == 0 ? CipherSuite.ECDHE_ECDSA_AES256_GCM : CipherSuite.RSA_AES128_SHA),
              List.of()));
    }
    apply(hosts, Set.of());
    // The usual one and two, of which STRICT has the first.
    assertThat(plane.plane().tlsContexts()).isEqualTo(3);
    apply(Map.of(), hosts.keySet());
    assertThat(plane.plane().tlsContexts()).isEqualTo(2);
    apply(Map.of(), Set.of(HostPattern.of(STRICT)));
    assertThat(plane.plane().tlsContexts()).isEqualTo(1);
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
