package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sessions are resumed, by real handshakes with BoringSSL. */
class SessionsTest {
  private static final String HOST = "shop.example.com";
  private static final String OTHER = "other.example.com";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[48]);

  private final AtomicReference<CertificateTable> table =
      new AtomicReference<>(
          CertificateTable.empty()
              .with(
                  Map.of(HOST, SelfSignedCertificate.forHost(HOST, Clock.systemUTC())),
                  Set.of(),
                  SelfSignedCertificate.forDefault(Clock.systemUTC())));
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  private ServerTls tls(TlsPolicy policy, InstantSource clock) throws SSLException {
    return ServerTls.create(
        policy, TlsServer.surroundings(table::get, clock), SslProvider.OPENSSL_REFCNT);
  }

  private TlsServer server(TlsPolicy policy) throws SSLException {
    return new TlsServer(tls(policy, now::get));
  }

  private static TlsPolicy policy(boolean tickets, String key, int cacheSize) {
    return policy(TlsPolicy.DEFAULT, tickets, key, cacheSize);
  }

  private static TlsPolicy policy(TlsPolicy like, boolean tickets, String key, int cacheSize) {
    return new TlsPolicy(
        like.protocols(),
        like.ciphers(),
        like.serverOrder(),
        like.groups(),
        like.alpn(),
        new TlsPolicy.Sessions(tickets, key, cacheSize, TIMEOUT),
        like.stapling());
  }

  private static boolean resumed(TlsClient client, TlsServer server, String name, String protocol)
      throws Exception {
    client.shake(server.address(), name, protocol);
    return server.facts().resumed();
  }

  @ParameterizedTest(name = "tickets {0}, cache {1}: TLS 1.2 {2}, TLS 1.3 {3}")
  @CsvSource({
    "false, 1000, true, true",
    "true, 1000, true, true",
    "true, 0, true, true",
    "false, 0, false, false",
  })
  void aClientThatComesBackResumesWhereThatIsWanted(
      boolean tickets, int cacheSize, boolean with12, boolean with13) throws Exception {
    try (var server = server(policy(tickets, "", cacheSize))) {
      var client = new TlsClient();
      assertThat(resumed(client, server, HOST, "TLSv1.2")).isFalse();
      // On two event loops in turn.
      for (int i = 0; i < 3; i++) {
        assertThat(resumed(client, server, HOST, "TLSv1.2")).isEqualTo(with12);
      }
      var other = new TlsClient();
      assertThat(resumed(other, server, HOST, "TLSv1.3")).isFalse();
      for (int i = 0; i < 3; i++) {
        assertThat(resumed(other, server, HOST, "TLSv1.3")).isEqualTo(with13);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, true"})
  void sessionsOfTls12AreKnownToOtherReplicasWithTicketsOnly(boolean tickets, boolean known)
      throws Exception {
    var policy = policy(tickets, KEY, 1000);
    try (var one = server(policy);
        var two = TlsServer.beside(one, 2, tls(policy, now::get))) {
      var client = new TlsClient();
      assertThat(resumed(client, one, HOST, "TLSv1.2")).isFalse();
      assertThat(resumed(client, two, HOST, "TLSv1.2")).isEqualTo(known);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aGivenKeyLetsReplicasTakeEachOthersTickets(String protocol) throws Exception {
    var policy = policy(true, KEY, 1000);
    try (var one = server(policy);
        var two = TlsServer.beside(one, 2, tls(policy, now::get));
        var stranger = TlsServer.beside(one, 3, tls(policy(true, "", 1000), now::get))) {
      var client = new TlsClient();
      assertThat(resumed(client, one, HOST, protocol)).isFalse();
      assertThat(resumed(client, two, HOST, protocol)).isTrue();
      assertThat(resumed(client, one, HOST, protocol)).isTrue();
      assertThat(resumed(client, stranger, HOST, protocol)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, true", "TLSv1.3, true", "TLSv1.2, false", "TLSv1.3, false"})
  void keysTurnWithTheSessionTimeoutAndOldTicketsEnd(String protocol, boolean given)
      throws Exception {
    try (var server = server(policy(true, given ? KEY : "", 0))) {
      var client = new TlsClient();
      assertThat(resumed(client, server, HOST, protocol)).isFalse();
      now.set(now.get().plus(TIMEOUT.dividedBy(2)));
      assertThat(resumed(client, server, HOST, protocol)).isTrue();
      var idle = new TlsClient();
      assertThat(resumed(idle, server, HOST, protocol)).isFalse();
      now.set(now.get().plus(TIMEOUT));
      assertThat(resumed(idle, server, HOST, protocol)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aReplicaWhoseClockIsBehindTakesTheTicketAllTheSame(String protocol) throws Exception {
    var policy = policy(true, KEY, 0);
    InstantSource fast = () -> now.get().plus(TIMEOUT.dividedBy(4));
    try (var ahead = new TlsServer(tls(policy, fast));
        var behind = TlsServer.beside(ahead, 2, tls(policy, now::get))) {
      var client = new TlsClient();
      assertThat(resumed(client, ahead, HOST, protocol)).isFalse();
      assertThat(resumed(client, behind, HOST, protocol)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aSessionIsNotResumedUnderAnotherPolicyOfTheSameKey(String protocol) throws Exception {
    var usual = TlsPolicy.DEFAULT;
    var strict =
        new TlsPolicy(
            usual.protocols(),
            usual.ciphers().reversed(),
            true,
            usual.groups(),
            usual.alpn(),
            usual.sessions(),
            false);
    try (var one = server(policy(usual, true, KEY, 1000));
        var two = TlsServer.beside(one, 2, tls(policy(strict, true, KEY, 1000), now::get))) {
      var client = new TlsClient();
      assertThat(resumed(client, one, HOST, protocol)).isFalse();
      assertThat(resumed(client, two, HOST, protocol)).isFalse();
    }
  }

  @Test
  void ticketsOutliveTheContextThatIsMadeAnewForManyCertificates() throws Exception {
    var tls =
        ServerTls.create(
            policy(true, "", 0),
            TlsServer.surroundings(table::get, now::get),
            SslProvider.OPENSSL_REFCNT,
            2);
    try (var server = new TlsServer(tls)) {
      var client = new TlsClient();
      assertThat(resumed(client, server, OTHER, "TLSv1.3")).isFalse();
      for (int i = 0; i < 10; i++) {
        var rotated = SelfSignedCertificate.forHost(HOST, Clock.systemUTC());
        table.set(table.get().with(Map.of(HOST, rotated), Set.of(), null));
        new TlsClient().shake(server.address(), HOST, "TLSv1.3");
        var _ = server.facts();
      }
      assertThat(tls.renewals()).isPositive();
      assertThat(resumed(client, server, OTHER, "TLSv1.3")).isTrue();
    }
  }

  @Test
  void theKeyIsNotShown() throws GeneralSecurityException {
    assertThat(policy(true, "c2VjcmV0", 1)).asString().contains("given key").doesNotContain("c2Vj");
  }
}
