package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy says is what is spoken, by real handshakes. */
class PoliciesTest {
  private static final String HOST = "shop.example.com";
  private static final String AES128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
  private static final String AES256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

  private final CertificateTable table =
      CertificateTable.empty()
          .with(Map.of(), Set.of(), SelfSignedCertificate.forHost(HOST, Clock.systemUTC()));

  private TlsServer server(
      SslProvider provider,
      List<String> protocols,
      List<String> ciphers,
      boolean serverOrder,
      List<String> groups)
      throws SSLException {
    var usual = TlsPolicy.DEFAULT;
    var policy =
        new TlsPolicy(
            protocols, ciphers, serverOrder, groups, usual.alpn(), usual.sessions(), false);
    return new TlsServer(
        ServerTls.create(policy, TlsServer.surroundings(() -> table, Clock.systemUTC()), provider));
  }

  @ParameterizedTest(name = "{0} {1} speaks {2}: {3}")
  @CsvSource({
    "OPENSSL_REFCNT, TLSv1.3, TLSv1.3, true",
    "OPENSSL_REFCNT, TLSv1.3, TLSv1.2, false",
    "OPENSSL_REFCNT, TLSv1.2, TLSv1.2, true",
    "OPENSSL_REFCNT, TLSv1.2, TLSv1.3, false",
    "JDK, TLSv1.3, TLSv1.2, false",
    "JDK, TLSv1.2, TLSv1.2, true",
  })
  void versionsAreThoseOfThePolicy(
      SslProvider provider, String spoken, String asked, boolean agreed) throws Exception {
    try (var server =
        server(provider, List.of(spoken), TlsPolicy.DEFAULT.ciphers(), true, List.of())) {
      if (agreed) {
        assertThat(new TlsClient().shake(server.address(), HOST, asked).protocol())
            .isEqualTo(spoken);
      } else {
        assertThatThrownBy(() -> new TlsClient().shake(server.address(), HOST, asked))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @ParameterizedTest(name = "{0}, server''s order {1}: {2}")
  @CsvSource({
    "OPENSSL_REFCNT, true, " + AES256,
    "OPENSSL_REFCNT, false, " + AES128,
    "JDK, true, " + AES256,
    "JDK, false, " + AES128,
  })
  void theOrderIsThePolicysOrTheClients(SslProvider provider, boolean serverOrder, String expected)
      throws Exception {
    try (var server =
        server(provider, List.of("TLSv1.2"), List.of(AES256, AES128), serverOrder, List.of())) {
      var shown =
          new TlsClient()
              .shake(
                  server.address(),
                  HOST,
                  parameters -> parameters.setCipherSuites(new String[] {AES128, AES256}));
      assertThat(shown.cipher()).isEqualTo(expected);
    }
  }

  @Test
  void theKeyExchangeKeepsToTheGroups() throws Exception {
    try (var server =
        server(SslProvider.OPENSSL_REFCNT, List.of("TLSv1.3"), List.of(), true, List.of("P-384"))) {
      var client = new TlsClient();
      client.shake(server.address(), HOST, p -> p.setNamedGroups(new String[] {"secp384r1"}));
      assertThatThrownBy(
              () ->
                  client.shake(
                      server.address(), HOST, p -> p.setNamedGroups(new String[] {"x25519"})))
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS_RSA_WITH_AES_128_GCM_SHA256", AES128})
  void suitesOfAnotherKindThanTheCertificateLeaveTls13(String suite) throws Exception {
    try (var server =
        server(
            SslProvider.OPENSSL_REFCNT,
            List.of("TLSv1.2", "TLSv1.3"),
            List.of(suite),
            true,
            List.of())) {
      assertThat(new TlsClient().shake(server.address(), HOST, "TLSv1.3").protocol())
          .isEqualTo("TLSv1.3");
    }
  }

  @Test
  void factsSayWhatWasAgreedOn() throws Exception {
    try (var server =
        server(SslProvider.OPENSSL_REFCNT, List.of("TLSv1.2"), List.of(AES256), true, List.of())) {
      new TlsClient()
          .shake(
              server.address(),
              HOST,
              p -> p.setApplicationProtocols(new String[] {"h9", "http/1.1"}));
      var facts = server.facts();
      assertThat(facts)
          .isEqualTo(
              new HandshakeFacts("TLSv1.2", AES256, false, HOST, facts.sessionId(), "http/1.1"));
      assertThat(facts.sessionId()).matches("[0-9a-f]{64}");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
  void aServerNameThatNoHostHasIsNone(SslProvider provider) throws Exception {
    try (var server =
        server(
            provider,
            TlsPolicy.DEFAULT.protocols(),
            TlsPolicy.DEFAULT.ciphers(),
            true,
            List.of())) {
      var name = new SNIHostName("caf\u00e9-\u65e5.example.com".getBytes(StandardCharsets.UTF_8));
      new TlsClient().shake(server.address(), HOST, p -> p.setServerNames(List.of(name)));
      assertThat(server.facts().serverName()).isEmpty();
    }
  }

  @Test
  void withoutServerNameFactsSayNone() throws Exception {
    try (var server =
        server(
            SslProvider.OPENSSL_REFCNT,
            TlsPolicy.DEFAULT.protocols(),
            TlsPolicy.DEFAULT.ciphers(),
            true,
            List.of())) {
      new TlsClient().shake(server.address(), null, "TLSv1.3");
      assertThat(server.facts().serverName()).isEmpty();
    }
  }
}
