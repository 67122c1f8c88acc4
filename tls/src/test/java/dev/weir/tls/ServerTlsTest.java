package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real handshakes of the JDK's client with our server side, by both implementations. */
class ServerTlsTest {
  enum Implementation {
    BORINGSSL,
    JDK;

    ServerTls create(AtomicReference<CertificateTable> table) throws SSLException {
      return ServerTls.create(
          TlsPolicy.DEFAULT,
          TlsServer.surroundings(table::get, Clock.systemUTC()),
          this == BORINGSSL ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
    }
  }

  private final AtomicReference<CertificateTable> table =
      new AtomicReference<>(CertificateTable.empty());
  private final ServerCertificate fallback = SelfSignedCertificate.forDefault(Clock.systemUTC());
  private final ServerCertificate shop =
      SelfSignedCertificate.forHost("shop.example.com", Clock.systemUTC());
  private final ServerCertificate wildcard =
      SelfSignedCertificate.forHost("*.example.com", Clock.systemUTC());

  @BeforeEach
  void fillTable() {
    table.set(
        CertificateTable.empty()
            .with(Map.of("shop.example.com", shop, "*.example.com", wildcard), Set.of(), fallback));
  }

  private static List<X509Certificate> shown(
      TlsServer server, @Nullable String serverName, String protocol) throws Exception {
    return new TlsClient().shake(server.address(), serverName, protocol).chain();
  }

  @ParameterizedTest
  @EnumSource
  void serverNameChoosesExactThenWildcardThenDefault(Implementation implementation)
      throws Exception {
    try (var server = new TlsServer(implementation.create(table))) {
      assertThat(shown(server, "shop.example.com", "TLSv1.3")).isEqualTo(shop.chain());
      assertThat(shown(server, "shop.example.com", "TLSv1.2")).isEqualTo(shop.chain());
      assertThat(shown(server, "SHOP.example.com", "TLSv1.3")).isEqualTo(shop.chain());
      assertThat(shown(server, "other.example.com", "TLSv1.3")).isEqualTo(wildcard.chain());
      assertThat(shown(server, "a.b.example.com", "TLSv1.3")).isEqualTo(fallback.chain());
      assertThat(shown(server, "elsewhere.org", "TLSv1.3")).isEqualTo(fallback.chain());
      assertThat(shown(server, null, "TLSv1.3")).isEqualTo(fallback.chain());
    }
  }

  @ParameterizedTest
  @EnumSource
  void newHandshakesSeeANewTableAtOnce(Implementation implementation) throws Exception {
    try (var server = new TlsServer(implementation.create(table))) {
      for (int i = 0; i < 20; i++) {
        var rotated = SelfSignedCertificate.forHost("shop.example.com", Clock.systemUTC());
        table.set(table.get().with(Map.of("shop.example.com", rotated), Set.of(), null));
        assertThat(shown(server, "shop.example.com", "TLSv1.3")).isEqualTo(rotated.chain());
      }
      table.set(table.get().with(Map.of(), Set.of("shop.example.com"), null));
      assertThat(shown(server, "shop.example.com", "TLSv1.3")).isEqualTo(wildcard.chain());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
  void manyRotationsDoNotAccumulateAndNoHandshakeFails(SslProvider provider) throws Exception {
    var tls =
        ServerTls.create(
            TlsPolicy.DEFAULT, TlsServer.surroundings(table::get, Clock.systemUTC()), provider, 16);
    try (var server = new TlsServer(tls)) {
      for (int i = 0; i < 60; i++) {
        var rotated = SelfSignedCertificate.forHost("shop.example.com", Clock.systemUTC());
        table.set(table.get().with(Map.of("shop.example.com", rotated), Set.of(), null));
        assertThat(shown(server, "shop.example.com", "TLSv1.3")).isEqualTo(rotated.chain());
      }
    }
    assertThat(tls.renewals()).isBetween(2, 4);
  }

  @ParameterizedTest
  @EnumSource
  void rsaCertificatesServeToo(Implementation implementation) throws Exception {
    var rsa = ServerCertificate.ofPem(TestPem.read("rsa-chain.crt"), TestPem.read("rsa-chain.key"));
    table.set(CertificateTable.empty().with(Map.of(), Set.of(), rsa));
    try (var server = new TlsServer(implementation.create(table))) {
      assertThat(shown(server, "rsa.example.com", "TLSv1.2")).isEqualTo(rsa.chain());
      assertThat(shown(server, "rsa.example.com", "TLSv1.3")).isEqualTo(rsa.chain()).hasSize(2);
    }
  }

  @Test
  void rsaHandshakesGoOnWhenAwsLcTakesTheKeys() throws Exception {
    var rsa = ServerCertificate.ofPem(TestPem.read("rsa-chain.crt"), TestPem.read("rsa-chain.key"));
    table.set(CertificateTable.empty().with(Map.of(), Set.of(), rsa));
    var awsLc = new AwsLc();
    var usual = TlsServer.surroundings(table::get, Clock.systemUTC());
    var tls =
        ServerTls.create(
            TlsPolicy.DEFAULT,
            new ServerTls.Surroundings(usual.table(), usual.staples(), usual.clock(), awsLc),
            SslProvider.OPENSSL_REFCNT);
    try (var server = new TlsServer(tls)) {
      assertThat(shown(server, "rsa.example.com", "TLSv1.3")).isEqualTo(rsa.chain());
      awsLc.load();
      assertThat(shown(server, "rsa.example.com", "TLSv1.3")).isEqualTo(rsa.chain());
      assertThat(shown(server, "rsa.example.com", "TLSv1.2")).isEqualTo(rsa.chain());
    }
  }

  @ParameterizedTest
  @EnumSource
  void oldProtocolVersionsAreRefused(Implementation implementation) throws Exception {
    try (var server = new TlsServer(implementation.create(table))) {
      assertThatThrownBy(() -> shown(server, "shop.example.com", "TLSv1.1"))
          .isInstanceOf(SSLException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAnyCertificateTheHandshakeFailsAndTheNextOneWorks(Implementation implementation)
      throws Exception {
    var full = table.get();
    table.set(CertificateTable.empty());
    try (var server = new TlsServer(implementation.create(table))) {
      assertThatThrownBy(() -> shown(server, "shop.example.com", "TLSv1.3"))
          .isInstanceOf(java.io.IOException.class);
      table.set(full);
      assertThat(shown(server, "shop.example.com", "TLSv1.3")).isEqualTo(shop.chain());
    }
  }
}
