package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upstreams that are names (F23), against a name server of the test. */
class DnsUpstreamTest {
  private static final String NAME = "db.example.com";
  private final DnsTestServer dns = new DnsTestServer();

  @AfterEach
  void close() {
    dns.close();
  }

  @Test
  void everyAddressOfANameIsAPeer() throws Exception {
    try (var four = RawBackend.saying("four");
        var second = new RawBackend("127.0.0.2", p -> serve(p, "second"), four.port());
        var six = new RawBackend("::1", p -> serve(p, "six"), four.port());
        var fixture = fixture(true)) {
      dns.answer(NAME, 60, "127.0.0.1", "::1", "127.0.0.2");
      follow(fixture, NAME, four.port());
      var seen = new TreeSet<String>();
      for (int i = 0; i < 6; i++) {
        seen.add(fixture.get("/"));
      }
      assertThat(seen).containsExactly("four", "second", "six");
      assertThat(List.of(second.requests(), six.requests())).containsOnly(2);
    }
  }

  @Test
  void aNameIsAskedForAgainWhenItsTimeIsOver() throws Exception {
    try (var first = RawBackend.saying("first");
        var second = new RawBackend("127.0.0.2", p -> serve(p, "second"), first.port());
        var fixture = fixture(true)) {
      dns.answer(NAME, 0, "127.0.0.1");
      follow(fixture, NAME, first.port());
      assertThat(fixture.get("/")).isEqualTo("first");
      dns.answer(NAME, 0, "127.0.0.2");
      await().until(() -> fixture.get("/").equals("second"));
      assertThat(first.open()).isZero();
      assertThat(second.requests()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"NXDOMAIN", "SERVFAIL", "REFUSED", "timeout", "forbidden", "nothing"})
  void theLastGoodAnswerServesWhileANameFails(String how) throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = fixture(true)) {
      dns.answer(NAME, 0, "127.0.0.1");
      follow(fixture, NAME, backend.port());
      assertThat(fixture.get("/")).isEqualTo("x");
      breakIt(how);
      long asked = dns.asked(NAME);
      await().until(() -> dns.asked(NAME) > asked + 6);
      assertThat(fixture.get("/")).isEqualTo("x");
    }
  }

  @Test
  void anAnswerThatIsTooOldIsGivenUpUntilTheNameResolvesAgain() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = fixture(true, Duration.ofSeconds(2))) {
      dns.answer(NAME, 0, "127.0.0.1");
      follow(fixture, NAME, backend.port());
      assertThat(fixture.get("/")).isEqualTo("x");
      dns.fail(NAME, DnsResponseCode.SERVFAIL);
      await().until(() -> !fixture.upstreams.hasEndpoints(UpstreamsFixture.ID));
      assertThat(fixture.start(TestRequest.get("/")).awaitKind())
          .isEqualTo(UpstreamFailure.Kind.NO_ENDPOINT);
      dns.answer(NAME, 0, "127.0.0.1");
      await().until(() -> fixture.upstreams.hasEndpoints(UpstreamsFixture.ID));
      assertThat(fixture.get("/")).isEqualTo("x");
    }
  }

  private void breakIt(String how) {
    switch (how) {
      case "timeout" -> dns.keepSilent(NAME);
      case "forbidden" -> dns.answer(NAME, 0, "169.254.169.254", "fe80::1", "0.0.0.0");
      case "nothing" -> dns.answer(NAME, 0);
      default ->
          dns.fail(
              NAME,
              switch (how) {
                case "NXDOMAIN" -> DnsResponseCode.NXDOMAIN;
                case "SERVFAIL" -> DnsResponseCode.SERVFAIL;
                default -> DnsResponseCode.REFUSED;
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "::ffff:127.0.0.1",
    "169.254.169.254",
    "fe80::1",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "0.0.0.0",
    "0.0.0.1",
    "::",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255"
  })
  void addressesOfThisMachineAndItsLinksAreRefused(String address) throws Exception {
    assertThat(AddressRules.allowed(InetAddress.getByName(address), false)).isFalse();
    try (var backend = RawBackend.saying("reached");
        var fixture = fixture(false)) {
      dns.answer(NAME, 1, address);
      follow(fixture, NAME, backend.port());
      assertThat(fixture.start(TestRequest.get("/")).awaitKind())
          .isEqualTo(UpstreamFailure.Kind.NO_ENDPOINT);
      follow(fixture, address, backend.port());
      assertThat(fixture.upstreams.hasEndpoints(UpstreamsFixture.ID)).isFalse();
      assertThat(backend.accepted()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1", "192.168.1.1", "100.64.0.1", "8.8.8.8", "fd00::1", "2001:db8::1"})
  void addressesElsewhereAreAllowed(String address) throws Exception {
    assertThat(AddressRules.allowed(InetAddress.getByName(address), false)).isTrue();
  }

  /** The answer does not fit into a datagram, too. */
  @Test
  void noMoreThan32AddressesAreUsed() throws Exception {
    dns.answer(
        NAME,
        60,
        IntStream.range(0, 500)
            .mapToObj(i -> "10.0." + i / 256 + "." + i % 256)
            .toArray(String[]::new));
    var live = new LiveUpstream(UpstreamsFixture.ID, UpstreamsFixture.load());
    try (var names = new DnsNames(settings(true, Duration.ofMinutes(5)))) {
      names.follow(new Upstream.Target.DnsName(NAME, 80), live, gone -> {});
      live.known().get();
      var seen = new TreeSet<String>();
      for (int i = 0; i < 1000; i++) {
        seen.add(Objects.requireNonNull(live.pick(Set.of())).endpoint().ip());
      }
      assertThat(seen).hasSize(32);
    }
  }

  @Test
  void shortNamesGoThroughTheSearchDomains() throws Exception {
    try (var backend = RawBackend.saying("found");
        var fixture = fixture(true)) {
      dns.answer("db.shop.svc.cluster.local", 60, "127.0.0.1");
      follow(fixture, "db.shop", backend.port());
      assertThat(fixture.get("/")).isEqualTo("found");
    }
  }

  @Test
  void aRequestWaitsForTheFirstAnswerOfAName() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = fixture(true)) {
      dns.answer(NAME, 60, "127.0.0.1");
      dns.delay(150);
      follow(fixture, NAME, backend.port());
      assertThat(fixture.upstreams.hasEndpoints(UpstreamsFixture.ID)).isTrue();
      assertThat(fixture.get("/")).isEqualTo("x");
    }
  }

  @Test
  void failingNamesDoNotDisturbOthers() throws Exception {
    try (var backend = RawBackend.saying("x");
        var fixture = fixture(true)) {
      for (int i = 0; i < 50; i++) {
        var name = "broken" + i + ".example.com";
        if (i % 2 == 0) {
          dns.keepSilent(name);
        }
        var id = new UpstreamId("default", "broken" + i, "80");
        fixture.put(id, new Upstream.Target.DnsName(name, 80));
      }
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 500; i++) {
        assertThat(fixture.get("/")).isEqualTo("x");
      }
      dns.answer(NAME, 60, "127.0.0.1");
      follow(fixture, NAME, backend.port());
      assertThat(fixture.get("/")).isEqualTo("x");
    }
  }

  @Test
  void anUpstreamThatBecomesANameOrStopsBeingOneForgetsItsOldEndpoints() throws Exception {
    try (var fixed = RawBackend.saying("fixed");
        var named = new RawBackend("127.0.0.2", p -> serve(p, "named"), 0);
        var fixture = fixture(true)) {
      dns.answer(NAME, 0, "127.0.0.2");
      fixture.endpoints(fixed.endpoint());
      assertThat(fixture.get("/")).isEqualTo("fixed");
      follow(fixture, NAME, named.port());
      assertThat(fixture.get("/")).isEqualTo("named");
      fixture.endpoints(fixed.endpoint());
      assertThat(fixture.get("/")).isEqualTo("fixed");
      long asked = dns.asked(NAME);
      var answers = new ArrayList<String>();
      for (int i = 0; i < 50; i++) {
        answers.add(fixture.get("/"));
      }
      assertThat(answers).containsOnly("fixed");
      assertThat(dns.asked(NAME)).isLessThanOrEqualTo(asked + 2);
    }
  }

  private static void serve(RawBackend.Peer peer, String body) throws java.io.IOException {
    RawBackend.serveAll(peer, RawBackend.ok(body));
  }

  private static void follow(UpstreamsFixture fixture, String name, int port) {
    fixture.put(UpstreamsFixture.ID, new Upstream.Target.DnsName(name, port));
  }

  private UpstreamsFixture fixture(boolean allowLoopback) {
    return fixture(allowLoopback, Duration.ofMinutes(5));
  }

  private UpstreamsFixture fixture(boolean allowLoopback, Duration keepLast) {
    return new UpstreamsFixture(Transport.best(), 1, settings(allowLoopback, keepLast));
  }

  private DnsSettings settings(boolean allowLoopback, Duration keepLast) {
    return new DnsSettings(
        new SingletonDnsServerAddressStreamProvider(dns.address()),
        List.of("shop.svc.cluster.local", "svc.cluster.local"),
        5,
        Duration.ofSeconds(1),
        new DnsSettings.Lifetimes(Duration.ofMillis(100), Duration.ofSeconds(2), keepLast),
        allowLoopback);
  }
}
