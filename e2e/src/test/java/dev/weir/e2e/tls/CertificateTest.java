package dev.weir.e2e.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificate a server name gets (ingress-nginx.md 5). */
@TestInstance(Lifecycle.PER_CLASS)
class CertificateTest {
  private static final String FAKE = "Kubernetes Ingress Controller Fake Certificate";
  private static final String KEYLESS =
      """
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: keyless, namespace: default}
      data: {other: eA==}
      """;

  private final KeyPairPem exact = KeyPairPem.of("exact.test");
  private final KeyPairPem wildcard = KeyPairPem.of("*.wild.test");
  private final KeyPairPem inner = KeyPairPem.of("inner.wild.test");
  private final KeyPairPem rotating = KeyPairPem.of("rotating.test");
  private final Site site;

  CertificateTest() {
    var stranger = KeyPairPem.of("stranger.test");
    var mixed = new KeyPairPem(exact.certificate(), stranger.key(), exact.serial());
    site =
        Site.of(
            "use-port-in-redirects: \"true\"",
            Objects.secret("exact", exact)
                + Objects.secret("wildcard", wildcard)
                + Objects.secret("inner", inner)
                + Objects.secret("stranger", stranger)
                + Objects.secret("mixed", mixed)
                + tls("exact", "exact.test")
                + tls("wildcard", "*.wild.test")
                + tls("inner", "inner.wild.test")
                + tls("stranger", "mismatch.test")
                + tls("mixed", "mixed.test")
                + tls("absent", "absent.test")
                + KEYLESS
                + tls("keyless", "keyless.test")
                + tls("", "unnamed.test")
                + tls("late", "late.test"),
            Backend.echo("echo"));
    site.folder().write("rotating-ingress.yaml", tls("rotating", "rotating.test"));
    site.folder().write("rotating.yaml", Objects.secret("rotating", rotating));
    awaitCertificate("rotating.test", rotating);
  }

  @AfterAll
  void close() {
    site.close();
  }

  private static String tls(String secret, String host) {
    return Ingress.named(host.replace("*", "any"))
        .tls(secret, host)
        .host(host)
        .prefix("/", "echo")
        .yaml();
  }

  private X509Certificate shownFor(@Nullable String name) {
    try (var wire = Wire.tls(site.weir().https(), name)) {
      return wire.certificate();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitCertificate(String name, KeyPairPem pair) {
    WeirProcess.eventually(
        "the certificate of " + name,
        () -> shownFor(name).getSerialNumber(),
        pair.serial()::equals);
  }

  private void assertDefault(@Nullable String name) {
    var certificate = shownFor(name);
    assertThat(certificate.getIssuerX500Principal().getName()).contains("CN=" + FAKE);
    assertThat(certificate.getSubjectX500Principal().getName()).contains("CN=" + FAKE, "O=Acme Co");
    assertThat(certificate.toString()).contains("ingress.local");
  }

  @Test
  void anExactNameGoesBeforeAWildcardAndCaseAndDotDoNotMatter() {
    assertThat(shownFor("exact.test").getSerialNumber()).isEqualTo(exact.serial());
    assertThat(shownFor("EXACT.test").getSerialNumber()).isEqualTo(exact.serial());
    assertThat(shownFor("inner.wild.test").getSerialNumber()).isEqualTo(inner.serial());
    assertThat(shownFor("other.wild.test").getSerialNumber()).isEqualTo(wildcard.serial());
  }

  @Test
  void otherNamesAndNoNameGetTheDefault() {
    assertDefault("nobody.test");
    assertDefault("a.b.wild.test");
    assertDefault("wild.test");
    assertDefault(null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mismatch.test", "mixed.test", "absent.test", "keyless.test", "unnamed.test"})
  void withoutAFittingSecretTheHostIsServedWithTheDefault(String host) throws IOException {
    assertDefault(host);
    assertThat(site.weir().getTls(host, "/").backend()).isEqualTo("echo");
    assertThat(site.weir().get(host, "/").status()).as("port 80 stays open").isEqualTo(308);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default/mismatch.test",
        "default/mixed.test",
        "default/absent.test",
        "default/keyless.test"
      })
  void anUnusableSecretIsAFinding(String ingress) {
    assertThat(site.weir().admin("/debug/findings").text()).contains(ingress);
    assertThat(site.weir().log().lines(ingress)).hasSize(1);
  }

  @Test
  void theHostOfTheRequestCountsAndNotTheServerName() throws IOException {
    try (var wire = Wire.tls(site.weir().https(), "exact.test")) {
      assertThat(wire.get("inner.wild.test", "/").backend()).isEqualTo("echo");
      assertThat(wire.get("nobody.test", "/").status()).isEqualTo(404);
    }
  }

  @Test
  void rotationShowsToNewConnectionsAndClosesNoOldOne() throws IOException {
    var next = KeyPairPem.of("rotating.test");
    var shown = shownFor("rotating.test").getSerialNumber();
    try (var wire = Wire.tls(site.weir().https(), "rotating.test")) {
      assertThat(wire.get("rotating.test", "/before").status()).isEqualTo(200);
      site.folder().write("rotating.yaml", Objects.secret("rotating", next));
      awaitCertificate("rotating.test", next);
      assertThat(wire.get("rotating.test", "/after").status()).isEqualTo(200);
      assertThat(wire.certificate().getSerialNumber()).isEqualTo(shown);
    }
  }

  @Test
  void aSecretThatComesLaterIsUsedAndOneThatGoesGivesWayToTheDefault() {
    assertDefault("late.test");

    var late = KeyPairPem.of("late.test");
    site.folder().write("late.yaml", Objects.secret("late", late));
    awaitCertificate("late.test", late);

    site.folder().delete("late.yaml");
    WeirProcess.eventually(
        "the default certificate",
        () -> shownFor("late.test").getSubjectX500Principal().getName(),
        name -> name.contains(FAKE));
  }

  @Test
  void aTlsSectionThatIsAddedIsUsedAndOneThatIsTakenAwayRedirectsNoMore() {
    var pair = KeyPairPem.of("changing.test");
    var plain = Ingress.named("changing.test").host("changing.test").prefix("/", "echo").yaml();
    site.folder().write("changing.yaml", Objects.secret("changing", pair) + plain);
    site.weir().awaitBackend("changing.test", "/", "echo");
    assertDefault("changing.test");

    site.folder()
        .write(
            "changing.yaml", Objects.secret("changing", pair) + tls("changing", "changing.test"));
    awaitCertificate("changing.test", pair);
    assertThat(site.weir().get("changing.test", "/").status()).isEqualTo(308);

    site.folder().write("changing.yaml", Objects.secret("changing", pair) + plain);
    site.weir().awaitStatus("changing.test", "/", 200);
  }

  @Test
  void redirectsNameThePortWhenAskedTo() {
    int port = site.weir().https().getPort();

    var reply = site.weir().get("exact.test", "/a/b/?x=1");
    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.field("location")).isEqualTo("https://exact.test:" + port + "/a/b/?x=1");
    assertThat(site.weir().get("exact.test:80", "/").field("location"))
        .isEqualTo("https://exact.test:" + port);
  }

  @Test
  void bothVersionsOfTlsAreSpokenAndNoOlderOne() throws Exception {
    for (var version : new String[] {"TLSv1.3", "TLSv1.2"}) {
      try (var wire = Wire.tls(site.weir().https(), "exact.test", version)) {
        assertThat(wire.protocol()).isEqualTo(version);
        assertThat(wire.get("exact.test", "/").status()).isEqualTo(200);
      }
    }
  }
}
