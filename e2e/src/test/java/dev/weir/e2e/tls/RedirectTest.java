package dev.weir.e2e.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redirects to HTTPS (ingress-nginx.md 4.9), and the certificate that a flag names. */
@TestInstance(Lifecycle.PER_CLASS)
class RedirectTest {
  private final Backend echo = Backend.echo("echo");
  private final KeyPairPem ours = KeyPairPem.of("default.test");
  private final ManifestFolder folder = ManifestFolder.withClass();
  private final WeirProcess weir;

  RedirectTest() {
    folder.write("settings.yaml", Objects.configMap("http-redirect-code: \"307\""));
    folder.write("echo.yaml", Objects.service(echo) + Objects.secret("ours", ours));
    folder.write(
        "ingresses.yaml",
        Ingress.named("tls").tls("", "tls.test").host("tls.test").prefix("/foo", "echo").yaml()
            + Ingress.named("both")
                .setting("ssl-redirect", "false")
                .tls("", "both.test")
                .host("both.test")
                .prefix("/", "echo")
                .yaml()
            + Ingress.named("catch-all").defaultBackend("echo").yaml());
    weir =
        WeirProcess.run(
            "--manifests=" + folder.path(),
            "--configmap=default/weir",
            "--default-ssl-certificate=default/ours");
  }

  @AfterAll
  void close() {
    weir.close();
    echo.close();
    folder.close();
  }

  @ParameterizedTest(name = "{0}{1} -> {2} {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "tls.test,      /foo,  307, https://tls.test/foo",
        "tls.test:8080, /foo,  307, https://tls.test/foo",
        "tls.test,      /nope, 307, https://tls.test/nope",
        "tls.test,      /,     307, https://tls.test",
        "both.test,     /,     200, -",
        "nobody.test,   /,     200, -"
      })
  void plainHttpOfATlsHostIsRedirected(String host, String target, int status, String location) {
    var reply = weir.get(host, target);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.field("location")).isEqualTo(location);
  }

  @Test
  void overTlsThereIsNoRedirect() {
    assertThat(weir.getTls("tls.test", "/foo").status()).isEqualTo(200);
    assertThat(weir.getTls("tls.test", "/nope").status()).isEqualTo(404);
  }

  @Test
  void theCertificateThatTheFlagNamesIsTheDefault() throws Exception {
    try (var wire = Wire.tls(weir.https(), "nobody.test")) {
      assertThat(wire.certificate().getSerialNumber()).isEqualTo(ours.serial());
      assertThat(wire.get("nobody.test", "/").backend()).isEqualTo("echo");
    }
  }
}
