package dev.weir.e2e.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows R01 and R02 of ingress-nginx.md: there is no Ingress at all. */
@TestInstance(Lifecycle.PER_CLASS)
class NoIngressTest {
  private static final String FAKE = "CN=Kubernetes Ingress Controller Fake Certificate";

  private final ManifestFolder folder = ManifestFolder.empty();
  private final WeirProcess weir = WeirProcess.run("--manifests=" + folder.path());

  @AfterAll
  void close() {
    weir.close();
    folder.close();
  }

  @ParameterizedTest(name = "{1} {2} of {0} over {3}")
  @CsvSource({
    "127.0.0.1, GET, /, http", "127.0.0.1, POST, /, http",
    "127.0.0.1, GET, /demo, http", "127.0.0.1, POST, /demo, http",
    "foo.bar.com, GET, /, http", "foo.bar.com, POST, /, http",
    "foo.bar.com, GET, /demo, http", "foo.bar.com, POST, /demo, http",
    "127.0.0.1, GET, /, https", "127.0.0.1, POST, /, https",
    "127.0.0.1, GET, /demo, https", "127.0.0.1, POST, /demo, https",
    "foo.bar.com, GET, /, https", "foo.bar.com, POST, /, https",
    "foo.bar.com, GET, /demo, https", "foo.bar.com, POST, /demo, https"
  })
  void everyHostIs404(String host, String method, String target, String scheme) throws IOException {
    var request =
        method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n";
    try (var wire = scheme.equals("http") ? Wire.to(weir.http()) : Wire.tls(weir.https(), null)) {
      var reply = wire.send(request).reply(method);

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.field("content-type")).isEqualTo("text/html");
      assertThat(reply.text()).contains("404 Not Found");
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-, 127.0.0.1", "foo.bar.com, foo.bar.com"})
  void everyNameGetsTheFakeCertificate(@Nullable String serverName, String host)
      throws IOException {
    try (var wire = Wire.tls(weir.https(), serverName)) {
      assertThat(wire.certificate().getIssuerX500Principal().getName()).contains(FAKE);
      assertThat(wire.certificate().getSubjectX500Principal().getName())
          .contains(FAKE, "O=Acme Co");
      assertThat(wire.get(host, "/").status()).isEqualTo(404);
    }
  }
}
